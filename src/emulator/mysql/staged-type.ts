/** A column of a MySQL or MariaDB table. */
export interface MysqlColumn {
  readonly name: string;
  /** `int`, `varchar`, in lower case. */
  readonly base: string;
  /** As people write it: `bigint(20) unsigned`. */
  readonly type: string;
  /** Of numbers and bits; 0 for others. */
  readonly precision: number;
  readonly scale: number;
  /** `SELECT *` does not show it. */
  readonly isHidden: boolean;
}

/** How a column is copied: the type of its copy in DuckDB, and what to select in its place. */
export interface StagedAs {
  readonly type: string;
  /** The column itself unless given. */
  readonly selected?: (column: string) => string;
}

/** Times are as in a session in UTC: `timestamp` is a moment, yet the server hands it out without a zone, as it does `datetime`. */
const TYPES: Readonly<Record<string, StagedAs>> = {
  char: { type: "VARCHAR" },
  varchar: { type: "VARCHAR" },
  tinytext: { type: "VARCHAR" },
  text: { type: "VARCHAR" },
  mediumtext: { type: "VARCHAR" },
  longtext: { type: "VARCHAR" },
  json: { type: "VARCHAR" },
  uuid: { type: "VARCHAR" },
  inet4: { type: "VARCHAR" },
  inet6: { type: "VARCHAR" },
  // Also `tinyint(1)`, which drivers may take for a boolean: it holds any small number.
  tinyint: { type: "TINYINT" },
  smallint: { type: "SMALLINT" },
  mediumint: { type: "INTEGER" },
  int: { type: "INTEGER" },
  bigint: { type: "BIGINT" },
  year: { type: "SMALLINT" },
  // As text, a float keeps six digits only.
  float: { type: "DOUBLE", selected: (column) => `CAST(${column} AS DOUBLE)` },
  double: { type: "DOUBLE" },
  date: { type: "DATE" },
  time: { type: "TIME" },
  datetime: { type: "TIMESTAMP" },
  timestamp: { type: "TIMESTAMP" },
};

/**
 * Undefined for what Dadosfera's guide says runs fail on (blobs, enums and their like, sets) and for what Snowflake has no type for:
 * shapes, bits in a row, decimals of more than 38 digits.
 */
export function stagedAs({ base, type, precision, scale }: MysqlColumn): StagedAs | undefined {
  if (base === "decimal") {
    return precision > MOST_DIGITS ? undefined : { type: `DECIMAL(${precision},${scale})` };
  }
  // Of one bit, as JDBC reads it.
  if (base === "bit") {
    return precision === 1 ? { type: "BOOLEAN", selected: (column) => `${column} + 0` } : undefined;
  }
  const staged = Object.hasOwn(TYPES, base) ? TYPES[base] : undefined;
  const isUnsigned = /INT/.test(staged?.type ?? "") && /\bunsigned\b/.test(type);
  return staged && isUnsigned ? { ...staged, type: `U${staged.type}` } : staged;
}

/** DuckDB and Snowflake stop there. */
const MOST_DIGITS = 38;
