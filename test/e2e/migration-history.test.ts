import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asked } from "../support/hasura.js";
import { replaced } from "../support/orders-program.js";
import { openOrdersStack } from "../support/orders-stack.js";
import { ProgramFolder } from "../support/program-folder.js";

const PIPELINE = "5e0c9a41-2d7f-4b86-a3c4-9f61d208be73";
const PROGRAM = `import { MigrationHistory, Pipeline } from "pulumi-dadosfera";

const source = new MigrationHistory("source", {
  endpoint: process.env["HASURA_GRAPHQL_ENDPOINT"] ?? "",
  directory: "hasura",
});

const students = new Pipeline("students", {
  pipelineId: "${PIPELINE}",
  name: "Students",
  cron: null,
  jobs: [
    {
      input: {
        connector: "jdbc",
        plugin: "postgresql",
        tableSchema: "public",
        tableName: "students",
        loadType: "full_load",
        columnIncludeList: ["id", "score"],
        authParameters: { authType: "connection_manager", configId: "config-1" },
      },
      output: { plugin: "dadosfera_snowflake", raw: { tableSchema: "PUBLIC", tableName: "students" } },
      sourceColumns: source.tables.apply((tables) => tables["public.students"]),
    },
  ],
});

export const versions = source.versions.apply((all) => all.map(({ version }) => version));
export const table = students.jobs[0]?.destinationTable;
`;

describe("a column carried by one change from a migration to the warehouse", function () {
  this.timeout(180_000);

  it("is at the source first, then in the warehouse; and a migration that would take one away is refused", async () => {
    await using stack = await openOrdersStack({ folder: new ProgramFolder(PROGRAM), hasura: {} });
    const { hasura } = stack.emulator;
    writeFileSync(join(folderOf(stack.folder), "config.yaml"), "version: 3\n");
    migration(
      stack.folder,
      "1_students",
      "CREATE TABLE students (id int PRIMARY KEY, score text NOT NULL); INSERT INTO students VALUES (1, '007'), (2, '9.5')",
    );
    const created = await stack.up({ skipPreview: true });
    await asked(hasura.url, "/v1/metadata", "pg_track_table", { table: "students" });
    stack.emulator.runs.start(PIPELINE, "scheduled");
    await stack.emulator.runs.idle();

    migration(
      stack.folder,
      "2_graded_at",
      "ALTER TABLE students ADD graded_at date DEFAULT '2026-11-22'",
    );
    stack.folder.edit((program) =>
      replaced(
        replaced(program, '["id", "score"]', '["id", "score", "graded_at"]'),
        "sourceColumns:",
        'backfill: { columns: ["graded_at"], rows: "all" },\n      sourceColumns:',
      ),
    );
    const carried = await stack.up({ skipPreview: true });
    const rows = await stack.emulator.warehouse.rows("SELECT * FROM PUBLIC.STUDENTS ORDER BY ID");
    migration(stack.folder, "3_rename", "ALTER TABLE students RENAME score TO grade");
    const refused = await stack.preview();

    assert.deepEqual(created.outputs["versions"], ["1"], created.stdout);
    assert.deepEqual(carried.outputs["versions"], ["1", "2"], carried.stdout);
    assert.deepEqual(rows, [
      { ID: 1, SCORE: "007", GRADED_AT: "2026-11-22" },
      { ID: 2, SCORE: "9.5", GRADED_AT: "2026-11-22" },
    ]);
    assert.notEqual(refused.exitCode, 0);
    assert.match(
      refused.stdout,
      /job 5e0c9a41-2d7f-4b86-a3c4-9f61d208be73-0 of table public\.students: it loads "score", and migration 3_rename removes or renames it/,
    );
    assert.ok(!carried.stdout.includes("emulated-hasura"));
  });
});

function folderOf({ path }: ProgramFolder): string {
  const folder = join(path, "hasura");
  mkdirSync(folder, { recursive: true });
  return folder;
}

function migration(folder: ProgramFolder, name: string, up: string): void {
  const path = join(folderOf(folder), "migrations", "default", name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "up.sql"), up);
}
