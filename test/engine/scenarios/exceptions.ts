import type { Step } from "./recordings.js";

/** Why and how the embedded engine refuses a recorded step. Undefined if it does the step. */
export function refusalOf(step: Step): Refusal | undefined {
  return refused.find(({ isMeant }) => isMeant(step));
}

/** Where the embedded engine does a step and ends otherwise than the CLI, and why that stays. */
export function differenceOf({ scenario, file }: Step): Difference | undefined {
  return different[`${scenario}/${file}`];
}

interface Difference {
  readonly reason: string;
  readonly exitCode: number;
}

const different: Readonly<Record<string, Difference>> = {
  "13-import/1-import-with-code-generation.import.txt": {
    reason: "it writes no code for what it has imported, and so does not fail to",
    exitCode: 0,
  },
};

interface Refusal {
  readonly reason: string;
  /** The exit code; 2 if it is not named. */
  readonly exitCode?: number;
  /** It cannot be compared on the CLI either. */
  readonly isAside?: boolean;
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

const refused: readonly Refusal[] = [
  {
    reason: "hooks run in the program around each call; nor was it kept what this step began with",
    isAside: true,
    isMeant: ({ scenario, file }) => scenario === "18-hooks" && file.startsWith("11-"),
  },
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
    isAside: true,
    isMeant: flag("--debug"),
  },
  {
    reason: "the commands about stacks and configuration are the CLI's: the state file is the same",
    isAside: true,
    isMeant: verb("stack", "config"),
  },
  {
    reason: "it says in words that a resource has no id, where the CLI panics",
    exitCode: 1,
    isMeant: ({ scenario, file }) => scenario === "20-minimal-state" && file.startsWith("13-"),
  },
];
