import type { Migration, SqlFile } from "../../domain/migration.js";

/** The extension that a function or a type comes from, for those that people use without making it. */
export function extensionOf(name: string): string | undefined {
  return EXTENSION_OF.get(name);
}

/** Extensions that these texts make or seem to use: some engines must know them before they start. */
export function extensionsIn(
  migrations: readonly Migration[],
  prelude: SqlFile | undefined,
): readonly string[] {
  const files = [prelude, ...migrations.flatMap(({ up, down }) => [up, down])];
  const text = files.map((file) => file?.sql ?? "").join("\n");
  const made = [...text.matchAll(CREATED)].map(([, quoted, plain = ""]) => quoted ?? plain);
  const used = [...EXTENSION_OF]
    .filter(([name]) => new RegExp(`\\b${name}\\b`, "i").test(text))
    .map(([, extension]) => extension);
  return [...new Set([...made, ...used])].sort();
}

const CREATED = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|([\w-]+))/gi;

const EXTENSION_OF: ReadonlyMap<string, string> = new Map([
  ...["gen_random_uuid", "digest", "hmac", "crypt", "gen_salt", "gen_random_bytes"].map(
    (name) => [name, "pgcrypto"] as const,
  ),
  ...["uuid_generate_v4", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v5"].map(
    (name) => [name, "uuid-ossp"] as const,
  ),
  ["citext", "citext"],
  ["gist", "btree_gist"],
  ["dblink", "dblink"],
  ["hstore", "hstore"],
  ["ltree", "ltree"],
  ["unaccent", "unaccent"],
  ["similarity", "pg_trgm"],
  ["word_similarity", "pg_trgm"],
  ["gin_trgm_ops", "pg_trgm"],
  ["gist_trgm_ops", "pg_trgm"],
  ["vector", "vector"],
  ["geometry", "postgis"],
  ["geography", "postgis"],
]);
