import { parseArgs } from "node:util";
import type { Emulator, EmulatorOptions } from "../../emulator/emulator.js";
import { describeSwitches, parseSwitches } from "../../emulator/maestro/switches.js";
import { findSeedName, SEEDS, type SeedName } from "../../emulator/seeds.js";
import { SourceUnavailable } from "../../emulator/source-server.js";
import type { Command, CommandIo } from "../command.js";

const SUMMARY = "Run Dadosfera on this machine: Maestro's API and a Snowflake-compatible warehouse";

export const emulatorCommand: Command = {
  name: "emulator",
  summary: SUMMARY,
  help: `Usage: dadosfera emulator [flags]

${SUMMARY}, until Ctrl-C.
It prints the variables that the provider, a shell or any Snowflake client needs to find it.

  --maestro-port N     port of Maestro's API; a free one by default
  --snowflake-port N   port of the warehouse; a free one by default
  --hasura             Hasura too, over a PostgreSQL that is also the pipelines' source
  --hasura-port N      port of Hasura's API; a free one by default
  --postgres URL       the PostgreSQL behind Hasura; one in this process by default
  --seed NAME          what the source holds at first: ${Object.keys(SEEDS).join(", ")}
  --source URL         a server to extract from, postgres://, mysql:// or mariadb://; it is only read.
                       Not with --seed, and not with --hasura, whose database is the source
  --run-seconds N      how long each run lasts (0 by default)
  --switch NAME=VALUE  one answer to a question that Dadosfera leaves open; may be repeated
  --verbose            print each request to Maestro

Switches, the default first:
${describeSwitches()
  .map((line) => `  ${line}`)
  .join("\n")}`,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  let options: EmulatorOptions;
  try {
    options = parseFlags(args, io);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(
      io,
      `Did not start the emulator: ${reason}`,
      "Run `dadosfera emulator --help` to see the flags.",
      2,
    );
  }
  // Listening for signals comes first: one that arrives while the emulator starts must stop it all the same.
  const stopped = nextStopSignal();
  let emulator: Emulator;
  try {
    const { startEmulator } = await import("../../emulator/emulator.js");
    emulator = await startEmulator(options);
  } catch (error) {
    return refuseFor(error, io);
  }
  await using _ = emulator;
  for (const [name, value] of Object.entries(emulator.environment)) {
    io.write(`export ${name}=${quoteForShell(value)}\n`);
  }
  if (io.isTty) io.writeError("The emulator is running. Press Ctrl-C to stop it.\n");
  await stopped;
  return 0;
}

/** Says why an emulator did not start; what is nobody's mistake is thrown on. */
function refuseFor(error: unknown, io: CommandIo): number {
  if (error instanceof SourceUnavailable) {
    const code = error.isMisnamed ? 2 : 1;
    return refuse(io, `Did not start the emulator: ${error.message}`, error.next, code);
  }
  const lacking = missingPackage(error);
  if (lacking !== undefined) {
    return refuse(
      io,
      `Did not start the emulator: an optional package that it needs here, ${lacking}, is not installed.`,
      `Install it beside pulumi-dadosfera: \`npm install --save-dev ${lacking}\`.`,
      1,
    );
  }
  const port = takenPort(error);
  if (port === undefined) throw error;
  return refuse(
    io,
    `Did not start the emulator: port ${port} of 127.0.0.1 is taken.`,
    "Stop what listens there, or choose other ports with --maestro-port and --snowflake-port.",
    1,
  );
}

function parseFlags(args: readonly string[], io: CommandIo): EmulatorOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      "maestro-port": { type: "string" },
      "snowflake-port": { type: "string" },
      hasura: { type: "boolean" },
      "hasura-port": { type: "string" },
      postgres: { type: "string" },
      seed: { type: "string" },
      source: { type: "string" },
      "run-seconds": { type: "string" },
      switch: { type: "string", multiple: true },
      verbose: { type: "boolean" },
    },
  });
  return {
    maestroPort: numberOf("--maestro-port", values["maestro-port"], 65_535),
    snowflakePort: numberOf("--snowflake-port", values["snowflake-port"], 65_535),
    ...hasuraOf(values),
    runMs: numberOf("--run-seconds", values["run-seconds"], 86_400) * 1000,
    switches: parseSwitches(values.switch ?? []),
    ...(values.seed === undefined ? {} : { seed: seedOf(values.seed) }),
    ...sourceOf(values),
    ...(values.verbose === true
      ? {
          onRequest: ({ at, method, path }) =>
            io.writeError(`${at.toISOString()} ${method} ${path}\n`),
        }
      : {}),
  };
}

/** A database or a port for Hasura asks for Hasura. */
function hasuraOf(values: {
  readonly hasura?: boolean;
  readonly "hasura-port"?: string;
  readonly postgres?: string;
}): Pick<EmulatorOptions, "hasura" | "hasuraPort"> {
  const { hasura, "hasura-port": port, postgres } = values;
  if (hasura !== true && port === undefined && postgres === undefined) return {};
  return {
    hasura: { ...(postgres !== undefined && { postgres }) },
    hasuraPort: numberOf("--hasura-port", port, 65_535),
  };
}

/** Each of the others decides by itself where rows come from. */
function sourceOf({
  source,
  ...values
}: Readonly<Record<string, unknown>> & { readonly source?: string }): Pick<
  EmulatorOptions,
  "source"
> {
  if (source === undefined) return {};
  const other = ["seed", "hasura", "hasura-port", "postgres"].find((flag) => flag in values);
  if (other === undefined) return { source };
  throw new Error(`--source and --${other} exclude each other: there is one source.`);
}

function numberOf(flag: string, text: string | undefined, highest: number): number {
  const number = text === undefined ? 0 : Number(text);
  if (text !== undefined && (!/^\d+(\.\d+)?$/.test(text) || number > highest)) {
    throw new Error(`${flag} takes a number from 0 to ${highest}, not "${text}".`);
  }
  return number;
}

function seedOf(name: string): SeedName {
  const seed = findSeedName(name);
  if (seed !== undefined) return seed;
  throw new Error(`There is no seed "${name}"; there is ${Object.keys(SEEDS).join(", ")}.`);
}

function refuse(io: CommandIo, happened: string, next: string, code: 1 | 2): number {
  io.writeError(`${happened}\nNothing was changed.\n${next}\n`);
  return code;
}

function nextStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => resolve());
  });
}

/** The optional package that is not there; a part of DuckDB that is missing counts as DuckDB. */
function missingPackage(error: unknown): string | undefined {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (code !== "MODULE_NOT_FOUND" && code !== "ERR_MODULE_NOT_FOUND") return undefined;
  const missing = /'(@duckdb\/node-|@electric-sql\/pglite|pg'|mysql2')/.exec(String(message))?.[1];
  if (missing === undefined) return undefined;
  return missing === "@duckdb/node-" ? "@duckdb/node-api" : missing.replace("'", "");
}

function takenPort(error: unknown): number | undefined {
  const { code, port } = error as { readonly code?: unknown; readonly port?: unknown };
  return code === "EADDRINUSE" && typeof port === "number" ? port : undefined;
}

function quoteForShell(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
