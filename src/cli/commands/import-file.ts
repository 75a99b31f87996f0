import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command, CommandIo } from "../command.js";
import {
  readFlags,
  readWhich,
  refuse,
  WHICH_HELP,
  type Which,
  withLiveParts,
} from "../live-parts.js";

const SUMMARY =
  "Write the file with which `pulumi import --file` takes live pipelines into a stack";

export const importFileCommand: Command = {
  name: "import-file",
  summary: SUMMARY,
  help: `Usage: dadosfera import-file --pipeline ID | --all [--out FILE] [--project NAME] [--stack NAME]

${SUMMARY}.
Each resource comes with its inputs and outputs, since Pulumi cannot ask a dynamic provider for them. Afterwards the
program that \`dadosfera generate\` prints for the same pipelines shows nothing to do. Run it like this, with a Pulumi
CLI of 3.254.0 or later; without --protect=false the resources come out protected:

  pulumi import --file FILE --generate-code=false --protect=false

${WHICH_HELP}
  --out FILE     where to write, instead of printing
  --project NAME the program's project (default: the one of Pulumi.yaml in the current folder)
  --stack NAME   the stack it is for (default: PULUMI_STACK, or dev): the provider's messages name resources by both

It only reads at Maestro. Settings are the DADOSFERA_… variables of the provider.
Exit codes: 0 written; 1 could not; 2 something was left out (said on stderr), or refused, or misused.`,
  run,
};

interface Flags {
  readonly which: Which;
  readonly file: string | undefined;
  readonly project: string;
  readonly stack: string;
}

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = await readOwnFlags(args);
  if (typeof flags === "string") {
    const next = "Run `dadosfera import-file --help` to see the flags.";
    return refuse(io, `Did not write the import file: ${flags}`, next);
  }
  const { importedResources } = await import("../../lifecycle/import-file.js");
  const { providerText } = await import("../../resources/provider-text.js");
  const { which, file, project, stack } = flags;
  return withLiveParts(which, io, (parts) => {
    const resources = importedResources(parts, { project, stack, providerText });
    const text = `${JSON.stringify({ resources }, null, 2)}\n`;
    if (file === undefined) io.write(text);
    else writeFileSync(file, text);
    return 0;
  });
}

async function readOwnFlags(args: readonly string[]): Promise<Flags | string> {
  const text = { type: "string" } as const;
  const values = readFlags(args, { out: text, project: text, stack: text });
  if (typeof values === "string") return values;
  const which = readWhich(values.pipeline, values.all);
  if (typeof which === "string") return which;
  if (values.out === "") return "--out names no file.";
  const project = values.project || (await projectHere());
  if (project === undefined)
    return "no Pulumi.yaml in the current folder names the project, so say --project NAME.";
  const stack = values.stack || process.env["PULUMI_STACK"] || "dev";
  // A CLI that is signed in names a stack with its organization, which is no part of a resource's name.
  return { ...which, file: values.out, project, stack: stack.slice(stack.lastIndexOf("/") + 1) };
}

/** The name of the project in the current folder; undefined where there is none. */
async function projectHere(): Promise<string | undefined> {
  const { readProject } = await import("../../engine/project.js");
  try {
    return readProject(resolve(".")).name;
  } catch {
    return undefined;
  }
}
