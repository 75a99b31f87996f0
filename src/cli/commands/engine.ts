import { parseArgs } from "node:util";
import type { EngineCommand, EngineVerb } from "../../engine/command.js";
import { runEngine } from "../../engine/engine.js";
import { askPerson } from "../ask-person.js";
import type { Command } from "../command.js";

const help = `dadosfera engine <verb> [options]

A small Pulumi engine: for demos and tests, not for deployments. It runs a TypeScript or JavaScript
program with dynamic resources, through Pulumi's own SDK and provider process, and keeps the state in
the form of the Pulumi CLI, which can take the stack over at any time.

Verbs:
  preview    show what up would do
  up         preview, then do it
  refresh    read every resource, and make the state say what is there
  destroy    delete everything that the state knows
  export     print the state

Options:
  --cwd DIR              folder of Pulumi.yaml (default: this folder)
  --stack NAME           the stack (required)
  --config KEY=VALUE     a configuration value for this run; may be repeated
  --yes                  go on without asking
  --skip-preview         up, destroy: without the preview
  --diff                 show all inputs of what changes
  --json                 preview: print one JSON document
  --parallel N           provider calls at once (default 8)
  --clear-pending-creates  refresh: forget creates that were cut off

Environment:
  PULUMI_BACKEND_URL         a file:// folder for the state (default: the folder of Pulumi.yaml)
  PULUMI_CONFIG_PASSPHRASE   encrypts and decrypts the stack's secrets

It does not do: hooks, aliases, transforms, explicit providers, resources other than dynamic ones,
components from other languages, import, --target, --refresh, plans and policies. It refuses them by name.
Exit codes: 0 done; 1 failed; 2 refused or misused; 8 ended by a second ^C.
`;

/** Runs Pulumi programs with dynamic resources on this project's own engine. */
export const engineCommand: Command = {
  name: "engine",
  summary:
    "run a Pulumi program on a small built-in engine (for demos and tests, not for deployments)",
  help,
  run: async (args, io) => {
    if (args.includes("--help")) {
      io.write(help);
      return 0;
    }
    const parsed = parseCommand(args);
    if (typeof parsed === "string") {
      io.writeError(`${parsed}\nSee \`dadosfera engine --help\`.\n`);
      return 2;
    }
    return runEngine(parsed, {
      write: (text) => io.write(text),
      writeError: (text) => io.writeError(text),
      isTty: io.isTty,
      ...(io.isTty && process.stdin.isTTY && { confirm: askPerson }),
    });
  },
};

const verbs: readonly EngineVerb[] = ["preview", "up", "refresh", "destroy", "export"];

const options = {
  cwd: { type: "string", default: "." },
  stack: { type: "string" },
  config: { type: "string", multiple: true, default: [] as string[] },
  yes: { type: "boolean", default: false },
  "skip-preview": { type: "boolean", default: false },
  diff: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  parallel: { type: "string", default: "8" },
  "clear-pending-creates": { type: "boolean", default: false },
} as const;

/** A command, or what is wrong with the arguments. */
function parseCommand(args: readonly string[]): EngineCommand | string {
  const foreign = findUnsupported(args);
  if (foreign !== undefined) return foreign;
  let parsed: ReturnType<typeof parseStrictly>;
  try {
    parsed = parseStrictly(args);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals } = parsed;
  const verb = verbs.find((each) => each === positionals[0]);
  const parallel = Number(values.parallel);
  if (verb === undefined || positionals.length > 1) return `Name one verb: ${verbs.join(", ")}.`;
  if (!values.stack) return "Name the stack with --stack.";
  if (!Number.isInteger(parallel) || parallel < 1)
    return "--parallel takes a number from 1 upwards.";
  if (values.json && verb !== "preview")
    return `--json is for preview; ${verb} does not print JSON events.`;
  return {
    verb,
    cwd: values.cwd,
    stack: values.stack,
    config: values.config,
    environment: process.env,
    yes: values.yes,
    skipPreview: values["skip-preview"],
    diff: values.diff,
    json: values.json,
    parallel,
    clearPendingCreates: values["clear-pending-creates"],
  };
}

function parseStrictly(args: readonly string[]) {
  return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
}

const unsupported: readonly string[] = [
  "--target",
  "--target-dependents",
  "--target-replace",
  "--exclude",
  "--replace",
  "--refresh",
  "--run-program",
  "--plan",
  "--save-plan",
  "--policy-pack",
  "--import-file",
  "--continue-on-error",
  "--exclude-protected",
  "--expect-no-changes",
];

function findUnsupported(args: readonly string[]): string | undefined {
  const found = args.map((arg) => arg.split("=")[0] ?? "").find((arg) => unsupported.includes(arg));
  if (found === undefined) return undefined;
  return (
    `Refused: this engine does not do ${found}.\n` +
    "Nothing was run.\n" +
    "Leave it out, or use the Pulumi CLI: this engine is for demos and tests, not for deployments."
  );
}
