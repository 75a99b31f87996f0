import { parseArgs } from "node:util";
import { type SetupPlace, type SetupStatement, setupStatements } from "../../warehouse/setup.js";
import type { Command, CommandIo } from "../command.js";

const SUMMARY = "Print the SQL that lets a role with few privileges change columns in Snowflake";

export const warehouseSetupCommand: Command = {
  name: "warehouse-setup",
  summary: SUMMARY,
  help: `Usage: dadosfera warehouse-setup --print [flags]

${SUMMARY}:
the tables of the journal and of the leases, their view, and the GRANTs. An administrator runs it, once or again.
Nothing is sent to Snowflake.

  --print                  print the SQL (required: this command does nothing else)
  --role NAME              who is granted the privileges (default: SNOWFLAKE_ROLE)
  --warehouse NAME         what it computes with (default: SNOWFLAKE_WAREHOUSE)
  --database NAME          the destination (default: SNOWFLAKE_DATABASE)
  --schema NAME            where the destination tables are (default: SNOWFLAKE_SCHEMA, or PUBLIC)
  --journal-schema NAME    where the journal is kept (default: DADOSFERA_JOURNAL_SCHEMA, or PUBLIC)
  --back-up-schema NAME    where back-ups are made, \`backUp.schema\` in programs (default: the destination's)

Names of databases and schemas are exact, as in the settings of the provider.
Exit codes: 0 printed; 2 refused or misused.`,
  run: (args, io) => Promise.resolve(run(args, io)),
};

function run(args: readonly string[], io: CommandIo): 0 | 2 {
  const place = readPlace(args);
  if (typeof place === "string") {
    io.writeError(
      `Did not print the set-up of the warehouse: ${place}\nNothing was changed.\nRun \`dadosfera warehouse-setup --help\` to see the flags.\n`,
    );
    return 2;
  }
  io.write(setupText(place));
  return 0;
}

/** Where to set up, or what is wrong with the flags. */
function readPlace(args: readonly string[]): SetupPlace | string {
  let values: ReturnType<typeof parseFlags>;
  try {
    values = parseFlags(args);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (values.print !== true) return "it prints SQL and does nothing else, so say --print.";
  const given = (flag: string | undefined, variable: string) =>
    flag || process.env[variable] || undefined;
  const role = given(values.role, "SNOWFLAKE_ROLE");
  if (role === undefined) return "name the role, with --role or SNOWFLAKE_ROLE.";
  const database = given(values.database, "SNOWFLAKE_DATABASE");
  if (database === undefined) return "name the database, with --database or SNOWFLAKE_DATABASE.";
  const schema = given(values.schema, "SNOWFLAKE_SCHEMA") ?? "PUBLIC";
  const warehouse = given(values.warehouse, "SNOWFLAKE_WAREHOUSE");
  return {
    role,
    database,
    schema,
    ...(warehouse !== undefined && { warehouse }),
    journalSchema: given(values["journal-schema"], "DADOSFERA_JOURNAL_SCHEMA") ?? "PUBLIC",
    backUpSchema: values["back-up-schema"] || schema,
  };
}

function parseFlags(args: readonly string[]) {
  const name = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      print: { type: "boolean" },
      role: name,
      warehouse: name,
      database: name,
      schema: name,
      "journal-schema": name,
      "back-up-schema": name,
    },
  });
  return values;
}

function setupText(place: SetupPlace): string {
  const heading = `-- For role ${place.role}, to change columns with pulumi-dadosfera. An administrator runs it; running it again changes nothing.`;
  const lines = setupStatements(place).flatMap((each, index, all) => [
    ...commentAbove(each, all[index - 1]),
    `${each.statement};`,
  ]);
  const warehouse =
    place.warehouse === undefined
      ? ["", "-- Still missing: GRANT USAGE ON WAREHOUSE, since no --warehouse was named."]
      : [];
  return `${[heading, ...lines, ...warehouse, "", ...DEDUPLICATED].join("\n")}\n`;
}

/** A comment stands once, above the statements that it is for. */
function commentAbove(
  { comment }: SetupStatement,
  before: SetupStatement | undefined,
): readonly string[] {
  return comment === before?.comment ? [] : ["", `-- ${comment}`];
}

const DEDUPLICATED = [
  "-- Jobs of load type incremental_with_qualify are checked in their deduplicated table too, if the role may read it:",
  "-- grant it USAGE on that schema (STAGED unless a program says otherwise) and SELECT on the table or view.",
];
