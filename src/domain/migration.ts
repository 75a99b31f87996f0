/** One SQL file of a migration, as Hasura would send it. */
export interface SqlFile {
  /** Where it stands, relative to the project's folder, with forward slashes. */
  readonly path: string;
  /** The whole text; a byte order mark and carriage returns are kept, as Hasura keeps them. */
  readonly sql: string;
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly hash: string;
}

/** One migration of a folder. A file of no bytes counts as absent, as it does for Hasura's CLI. */
export interface Migration {
  /** An unsigned 64-bit number in decimal digits, without leading zeros: milliseconds since 1970 where a tool made it. */
  readonly version: string;
  /** What follows the first underscore; of the up file where both exist. */
  readonly name: string;
  readonly up?: SqlFile;
  readonly down?: SqlFile;
}

/** The order in which Hasura applies migrations: by number, not by text. */
export function byVersion(
  one: Pick<Migration, "version">,
  other: Pick<Migration, "version">,
): number {
  const difference = BigInt(one.version) - BigInt(other.version);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** How people name a migration: its folder, as `1638852925395_add_score_decimal`. */
export function migrationLabel({ version, name }: Pick<Migration, "version" | "name">): string {
  return `${version}_${name}`;
}
