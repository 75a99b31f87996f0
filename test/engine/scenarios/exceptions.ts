import type { Step } from "./recordings.js";

/** Why the embedded engine refuses a recorded step: what it leaves to the Pulumi CLI. Undefined if it does the step. */
export function refusalOf(step: Step): string | undefined {
  return refused.find(({ isMeant }) => isMeant(step))?.reason;
}

/** Where the embedded engine does a step otherwise than the CLI, and why that stays. */
export function differenceOf({ scenario, file }: Step): string | undefined {
  return different[`${scenario}/${file}`];
}

const different: Readonly<Record<string, string>> = {
  "02-unchanged/4-show-sames.preview-diff.txt":
    "the outputs stand after the tree, as everywhere, and not within it",
  "13-import/1-import-with-code-generation.import.txt":
    "it writes no code, and so does not fail to",
};

interface Exception {
  readonly reason: string;
  readonly isMeant: (step: Step) => boolean;
}

const verb =
  (...verbs: readonly string[]) =>
  ({ args }: Step): boolean =>
    verbs.includes(args[0] ?? "");

const flag =
  (...flags: readonly string[]) =>
  ({ args }: Step): boolean =>
    flags.some((each) => args.includes(each));

const refused: readonly Exception[] = [
  {
    reason: "hooks run in the program around each call: demos and tests need none",
    isMeant: ({ scenario }) => scenario === "18-hooks",
  },
  {
    reason: "without the program a refresh or a destroy does all that a dynamic provider needs",
    isMeant: flag("--run-program"),
  },
  {
    reason: "it is about Pulumi's own debugging: what it shows are messages of the SDK",
    isMeant: flag("--debug"),
  },
  {
    reason: "the commands about stacks and configuration are the CLI's: the state file is the same",
    isMeant: verb("stack", "config"),
  },
];
