import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { PublicMigration, PublicProject } from "./public-like.js";

/** Writes a project as the Hasura CLI would find it: `config.yaml`, `migrations/`, and metadata that tracks nothing. */
export async function writeProject(folder: string, project: PublicProject): Promise<void> {
  for (const [path, text] of filesOf(project)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

function filesOf({
  config,
  databases,
  migrations,
}: PublicProject): readonly (readonly [string, string])[] {
  return [
    ["config.yaml", CONFIG[config]],
    ["metadata/version.yaml", `version: ${config}\n`],
    config === 3
      ? ["metadata/databases/databases.yaml", databases.map(sourceOf).join("")]
      : ["metadata/tables.yaml", "[]\n"],
    ...migrations.flatMap((migration) => sqlFilesOf(migration, config)),
  ];
}

const CONFIG = {
  2: "version: 2\nendpoint: http://localhost:8080\nmetadata_directory: metadata\nactions:\n  kind: synchronous\n  handler_webhook_baseurl: http://localhost:3000\n",
  3: "version: 3\nendpoint: http://localhost:8080\nmetadata_directory: metadata\nactions:\n  kind: synchronous\n  handler_webhook_baseurl: http://localhost:3000\n",
} as const;

function sourceOf(database: string): string {
  return `- name: ${database}
  kind: postgres
  configuration:
    connection_info:
      database_url:
        from_env: PG_DATABASE_URL
  tables: []
`;
}

function sqlFilesOf(
  { database, version, name, layout, up, down }: PublicMigration,
  config: 2 | 3,
): readonly (readonly [string, string])[] {
  const folder = config === 3 ? `migrations/${database}` : "migrations";
  const between = layout === "nested" ? "/" : ".";
  const path = `${folder}/${version}_${name}${between}`;
  return down === undefined
    ? [[`${path}up.sql`, up]]
    : [
        [`${path}up.sql`, up],
        [`${path}down.sql`, down],
      ];
}
