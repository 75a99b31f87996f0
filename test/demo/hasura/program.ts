import { replaced } from "../../support/orders-program.js";

const PIPELINE = "5e0c9a41-2d7f-4b86-a3c4-9f61d208be73";

const HISTORY = `import { MigrationHistory } from "pulumi-dadosfera";

/** The migrations of the database behind this environment's Hasura. */
const source = new MigrationHistory("source", {
  endpoint: process.env["HASURA_GRAPHQL_ENDPOINT"] ?? "",
  directory: "../hasura",
});

export const versions = source.versions.apply((all) => all.map(({ version }) => version));
`;

/** Applies the folder, and loads nothing. */
export const program = HISTORY;

export function finishing(text: string): string {
  return replaced(
    text,
    'directory: "../hasura",',
    'directory: "../hasura",\n  partlyApplied: "finish",',
  );
}

/** Loads students with a pipeline whose job knows which columns its source has. */
export function loading(text: string): string {
  const both = replaced(text, "{ MigrationHistory }", "{ MigrationHistory, Pipeline }");
  return `${both}
new Pipeline("students", {
  pipelineId: "${PIPELINE}",
  name: "Students",
  cron: "@once",
  jobs: [
    {
      input: {
        connector: "jdbc",
        plugin: "postgresql",
        tableSchema: "public",
        tableName: "students",
        loadType: "full_load",
        columnIncludeList: ["id", "name", "score"],
        authParameters: { authType: "connection_manager", configId: "1763991009206_kvpd3364_postgresql-1.0.0" },
      },
      output: { plugin: "dadosfera_snowflake", raw: { tableSchema: "PUBLIC", tableName: "students" } },
      sourceColumns: source.tables.apply((tables) => tables["public.students"]),
    },
  ],
});
`;
}

export function withGradedAt(text: string): string {
  const listed = replaced(text, '["id", "name", "score"]', '["id", "name", "score", "graded_at"]');
  return replaced(
    listed,
    "      sourceColumns:",
    '      backfill: { columns: ["graded_at"], rows: "all" },\n      sourceColumns:',
  );
}
