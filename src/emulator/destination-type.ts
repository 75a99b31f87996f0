const TYPES: Readonly<Record<string, string>> = {
  TINYINT: "NUMBER(38,0)",
  SMALLINT: "NUMBER(38,0)",
  INTEGER: "NUMBER(38,0)",
  BIGINT: "NUMBER(38,0)",
  HUGEINT: "NUMBER(38,0)",
  UTINYINT: "NUMBER(38,0)",
  USMALLINT: "NUMBER(38,0)",
  UINTEGER: "NUMBER(38,0)",
  UBIGINT: "NUMBER(38,0)",
  VARCHAR: "VARCHAR(16777216)",
  TIMESTAMP: "TIMESTAMP_NTZ(9)",
  TIMESTAMP_S: "TIMESTAMP_NTZ(9)",
  TIMESTAMP_MS: "TIMESTAMP_NTZ(9)",
  TIMESTAMP_NS: "TIMESTAMP_NTZ(9)",
  "TIMESTAMP WITH TIME ZONE": "TIMESTAMP_TZ(9)",
  DATE: "DATE",
  TIME: "TIME(9)",
  FLOAT: "FLOAT",
  DOUBLE: "FLOAT",
  BOOLEAN: "BOOLEAN",
};

/** The destination's type for a column of the DuckDB source; throws, naming the column, for types that runs cannot carry. */
export function destinationType(column: { readonly name: string; readonly type: string }): string {
  const decimal = /^DECIMAL(\(\d+,\d+\))$/.exec(column.type);
  const type = decimal === null ? TYPES[column.type] : `NUMBER${decimal[1]}`;
  if (type === undefined) {
    throw new Error(`Column "${column.name}" has the type ${column.type}, which cannot be loaded`);
  }
  return type;
}
