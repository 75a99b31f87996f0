/** A column of a PostgreSQL table. */
export interface PostgresColumn {
  readonly name: string;
  /** The type's own name, of a domain that of the type beneath it: `int4`, `numeric`. A type that somebody made has none. */
  readonly base: string | undefined;
  /** As people write it: `numeric(10,2)`, `text[]`. */
  readonly type: string;
  /** PostgreSQL's type modifier; -1 without one. */
  readonly modifier: number;
}

const TYPES: Readonly<Record<string, string>> = {
  text: "VARCHAR",
  varchar: "VARCHAR",
  bpchar: "VARCHAR",
  char: "VARCHAR",
  name: "VARCHAR",
  citext: "VARCHAR",
  uuid: "VARCHAR",
  json: "VARCHAR",
  jsonb: "VARCHAR",
  xml: "VARCHAR",
  inet: "VARCHAR",
  cidr: "VARCHAR",
  macaddr: "VARCHAR",
  macaddr8: "VARCHAR",
  int2: "SMALLINT",
  int4: "INTEGER",
  int8: "BIGINT",
  oid: "BIGINT",
  float4: "FLOAT",
  float8: "DOUBLE",
  bool: "BOOLEAN",
  date: "DATE",
  time: "TIME",
  timestamp: "TIMESTAMP",
  timestamptz: "TIMESTAMP WITH TIME ZONE",
};

/**
 * The type of a column's copy in DuckDB. Undefined for what Dadosfera's guide says runs fail on (blobs, enums, types that somebody
 * made) and for what Snowflake has no type for: arrays, intervals, times with a zone, money, bit strings, ranges, shapes.
 */
export function stagedType({ base, modifier }: PostgresColumn): string | undefined {
  if (base === "numeric") return decimalOf(modifier);
  // Of one bit, as JDBC reads it.
  if (base === "bit") return modifier === 1 ? "BOOLEAN" : undefined;
  return base !== undefined && Object.hasOwn(TYPES, base) ? TYPES[base] : undefined;
}

/** DuckDB and Snowflake stop there. */
const MOST_DIGITS = 38;

/**
 * As Spark's JDBC reader does: `numeric(10,2)` keeps precision and scale, and one without them is DECIMAL(38,18), exact to
 * 20 digits before the point and 18 after it.
 */
function decimalOf(modifier: number): string | undefined {
  if (modifier < 0) return "DECIMAL(38,18)";
  const precision = (modifier - 4) >> 16;
  // In eleven bits, with a sign: a negative scale rounds before the point.
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
  const digits = scale < 0 ? precision - scale : Math.max(precision, scale);
  return digits > MOST_DIGITS ? undefined : `DECIMAL(${digits},${Math.max(scale, 0)})`;
}
