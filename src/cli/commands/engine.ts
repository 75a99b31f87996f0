import type { EngineCommand } from "../../engine/command.js";
import { runEngine } from "../../engine/engine.js";
import type { Wish } from "../../engine/wish.js";
import { askPerson } from "../ask-person.js";
import type { Command } from "../command.js";
import { describeFlags, type Given, readArguments } from "../engine-flags.js";

const help = `dadosfera engine <verb> [options]

A small Pulumi engine: for demos and tests, not for deployments. It runs a TypeScript or JavaScript
program with dynamic resources, through Pulumi's own SDK and provider process, and keeps the state in
the form of the Pulumi CLI, which can take the stack over at any time.

Verbs:
  preview    show what up would do
  up         preview, then do it
  refresh    read every resource, and make the state say what is there
  destroy    delete everything that the state knows
  import     take resources that are there already into the state: --file FILE, or TYPE NAME ID
  cancel     free a stack that a killed command holds
  export     print the state

${describeFlags()}
Environment:
  PULUMI_BACKEND_URL         a file:// folder for the state (default: the folder of Pulumi.yaml)
  PULUMI_CONFIG_PASSPHRASE   encrypts and decrypts the stack's secrets

It does not do: hooks, aliases, transforms, explicit providers, resources other than dynamic ones,
components from other languages, plans and policies. It refuses them by name.
Exit codes: 0 done; 1 failed; 2 refused or misused; 7 changes where none were expected; 8 ended by a second ^C.
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
    let command: EngineCommand;
    try {
      command = parseCommand(args);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      io.writeError(`${problem}\nSee \`dadosfera engine --help\`.\n`);
      return 2;
    }
    return runEngine(command, {
      write: (text) => io.write(text),
      writeError: (text) => io.writeError(text),
      isTty: io.isTty,
      ...(io.isTty && process.stdin.isTTY && { confirm: askPerson }),
    });
  },
};

/** Throws what is wrong with the arguments, in words for the person. */
function parseCommand(args: readonly string[]): EngineCommand {
  const given = readArguments(args);
  const { verb } = given;
  const parallel = Number(given.text("parallel") ?? "8");
  const problems: readonly [boolean, string][] = [
    [!given.text("stack"), "Name the stack with --stack."],
    [!Number.isInteger(parallel) || parallel < 1, "--parallel takes a number from 1 upwards."],
    [given.is("preview-only") && given.is("yes"), "Give --preview-only or --yes, not both."],
    [
      hasTargets(given) && (given.list("exclude").length > 0 || given.is("exclude-protected")),
      "Say which resources take part or which do not, not both.",
    ],
  ];
  const problem = problems.find(([isThere]) => isThere);
  if (problem !== undefined) throw new Error(problem[1]);
  return {
    verb,
    ...(verb === "import" && importOf(given)),
    cwd: given.text("cwd") ?? ".",
    stack: given.text("stack") ?? "",
    config: given.list("config"),
    environment: process.env,
    parallel,
    yes: given.is("yes"),
    skipPreview: given.is("skip-preview"),
    previewOnly: given.is("preview-only"),
    diff: given.is("diff"),
    json: given.is("json"),
    showSames: given.is("show-sames"),
    expectNoChanges: given.is("expect-no-changes"),
    clearPendingCreates: given.is("clear-pending-creates"),
    ...wishOf(given),
  };
}

function importOf(given: Given): Pick<EngineCommand, "imports" | "protect"> {
  const [type, name, id, ...more] = given.rest;
  const file = given.text("file");
  const isOne = type !== undefined && name !== undefined && id !== undefined && more.length === 0;
  if ((file === undefined) !== isOne || (file !== undefined && given.rest.length > 0))
    throw new Error("Say what to import: --file FILE, or TYPE NAME ID.");
  if ((given.text("generate-code") ?? "false") !== "false")
    throw new Error("--generate-code takes only false: this engine writes no code.");
  const imports = file === undefined ? isOne && { type, name, id } : { file };
  return { ...(imports && { imports }), protect: given.text("protect") !== "false" };
}

function hasTargets(given: Given): boolean {
  return given.list("target").length + given.list("target-replace").length > 0;
}

function wishOf(given: Given): Wish {
  return {
    targets: given.list("target"),
    targetDependents: given.is("target-dependents"),
    excludes: given.list("exclude"),
    excludeDependents: given.is("exclude-dependents"),
    excludeProtected: given.is("exclude-protected"),
    replace: given.list("replace"),
    targetReplace: given.list("target-replace"),
    continueOnError: given.is("continue-on-error"),
    refresh: given.is("refresh"),
  };
}
