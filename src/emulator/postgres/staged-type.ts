/** A column of a PostgreSQL table. */
export interface PostgresColumn {
  readonly name: string;
  /** The type's own name, of a domain that of the type beneath it: `int4`, `numeric`. */
  readonly base: string;
  readonly isEnum: boolean;
  /** As people write it: `numeric(10,2)`, `text[]`. */
  readonly type: string;
  /** PostgreSQL's type modifier; -1 without one. */
  readonly modifier: number;
  /** The table as SQL names it. */
  readonly table: string;
}

const TYPES: Readonly<Record<string, string>> = {
  text: "VARCHAR",
  varchar: "VARCHAR",
  bpchar: "VARCHAR",
  name: "VARCHAR",
  citext: "VARCHAR",
  uuid: "VARCHAR",
  json: "VARCHAR",
  jsonb: "VARCHAR",
  int2: "SMALLINT",
  int4: "INTEGER",
  int8: "BIGINT",
  float4: "FLOAT",
  float8: "DOUBLE",
  bool: "BOOLEAN",
  date: "DATE",
  timestamp: "TIMESTAMP",
  timestamptz: "TIMESTAMP WITH TIME ZONE",
};

/** The type of a column's copy in DuckDB; undefined for types that runs cannot carry, such as `bytea` and arrays. */
export function stagedType(column: PostgresColumn): string | undefined {
  if (column.isEnum) return "VARCHAR";
  return column.base === "numeric" ? decimalOf(column.modifier) : TYPES[column.base];
}

/**
 * As Spark's JDBC reader does: `numeric(10,2)` keeps precision and scale, and one without them is DECIMAL(38,18), exact to
 * 20 digits before the point and 18 after it.
 */
function decimalOf(modifier: number): string | undefined {
  if (modifier < 0) return "DECIMAL(38,18)";
  const precision = (modifier - 4) >> 16;
  const scale = (modifier - 4) & 0x7ff;
  // More digits than DuckDB and the warehouse hold, or a negative scale, which is stored beyond 1000.
  return precision > 38 || scale > precision ? undefined : `DECIMAL(${precision},${scale})`;
}
