/** What the name of a file says to Hasura's CLI. */
export interface MigrationFileName {
  /** Without leading zeros. */
  readonly version: string;
  readonly name: string;
  readonly direction: "up" | "down";
}

/**
 * Reads `<version>_<name>.up.sql`, or for a file in a folder the folder's name, a full stop and the file's name, as the CLI does
 * (graphql-engine, cli/migrate/source/parse.go). Undefined for what the CLI passes over.
 */
export function migrationFileName(name: string): MigrationFileName | undefined {
  // In Go the full stop takes everything but a line feed; in JavaScript less.
  const [, digits, rest, direction] = /^([0-9]+)_([^\n]*)\.(down|up)\.(sql)$/.exec(name) ?? [];
  if (digits === undefined || rest === undefined) return undefined;
  const version = BigInt(digits);
  if (version > LARGEST) return undefined;
  return { version: String(version), name: rest, direction: direction === "up" ? "up" : "down" };
}

const LARGEST = 2n ** 64n - 1n;

/** Why the CLI passes over a file, in words. */
export function whyIgnored(name: string): string {
  if (/\.(up|down)\.yaml$/.test(name)) {
    return "metadata of an old project, which Hasura's CLI 2 does not run";
  }
  if (/^[0-9]{20,}_/.test(name) && /\.(up|down)\.sql$/.test(name)) {
    return "its version does not fit in 64 bits";
  }
  return "not named as a migration: `<version>_<name>/up.sql` or `<version>_<name>.up.sql`";
}
