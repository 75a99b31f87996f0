/** A name in quotes. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Names in quotes, in brackets where a list of columns stands. */
export function quotedNames(names: readonly string[]): string {
  return names.map(quotedName).join(", ");
}

/** A value as a literal, whose type PostgreSQL takes from where it stands. */
export function literal(value: string | null): string {
  return value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`;
}

/** A name as PostgreSQL's `quote_ident` writes it, without its quotes: `sales."Order"` becomes `sales.Order`. */
export function plainName(name: string): string {
  return name.replaceAll(/"((?:[^"]|"")*)"/g, (_, quoted: string) => quoted.replaceAll('""', '"'));
}
