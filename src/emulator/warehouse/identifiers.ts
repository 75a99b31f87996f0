/** A name as Snowflake keeps it, in its three parts. */
export interface ObjectName {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
}

/**
 * DuckDB tells no `id` from `ID`, not even in quotes; Snowflake does. So a lower-case letter gets a mark in DuckDB's
 * spelling, and DuckDB's own name resolution becomes Snowflake's: `id` is `~i~d`, and `ID` stays `ID`.
 */
export function encodeName(name: string): string {
  return name.replace(/[a-z~]/g, "~$&");
}

export function decodeName(encoded: string): string {
  return encoded.replace(/~([a-z~])/g, "$1");
}

/** A Snowflake name as DuckDB must read it. */
export function column(name: string): string {
  return quote(encodeName(name));
}

export function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** As an unquoted identifier would be. */
export function fold(name: string): string {
  return name.toUpperCase();
}

/** As Snowflake prints names: quotes only where they are needed to read it back. */
export function printName(name: string): string {
  return /^[A-Z_][A-Z0-9_$]*$/.test(name) ? name : quote(name);
}

export function printObject({ database, schema, name }: ObjectName): string {
  return [database, schema, name].map(printName).join(".");
}
