import { type RecordedCall, read, type Step } from "./recordings.js";

/** What was about a recorded command beside its arguments, its variation and its variables. */
export interface Circumstances {
  /** Files of the project as they were by then. */
  readonly files?: Readonly<Record<string, string>>;
  /** A command that was killed has left its lock. */
  readonly isLocked?: boolean;
  /** What does not depend on a failure or a refusal: how far it gets until the run stops is a matter of chance. */
  readonly bystanders?: readonly string[];
  readonly interruption?: Interruption;
}

export interface Interruption {
  readonly signals: readonly NodeJS.Signals[];
  /** Sent to all that the shell has started, as by ^C in a terminal. */
  readonly toGroup?: boolean;
  /** The calls that have begun and ended when the first signal comes. */
  readonly isTime: (calls: readonly RecordedCall[]) => boolean;
}

export function circumstancesOf({ scenario, file }: Step): Circumstances {
  const found = known.filter(([where, files]) => where === scenario && files.test(file));
  return Object.assign({}, ...found.map(([, , circumstances]) => circumstances(scenario, file)));
}

type Known = readonly [string, RegExp, (scenario: string, file: string) => Circumstances];

const interrupted =
  (begun: string, ended: string, ...signals: readonly NodeJS.Signals[]) =>
  () => ({
    interruption: { signals, isTime: underWay(begun, ended) },
  });

const beside =
  (...bystanders: readonly string[]) =>
  () => ({ bystanders });

const known: readonly Known[] = [
  ["06-create-fails", /^1-fails.up/, beside("good", "good2")],
  ["07-partial", /^(1|4|6).*up/, beside("good")],
  [
    "11-config",
    /^[456]-\w+-(after|destroy)/,
    (scenario) => ({
      files: {
        "Pulumi.dev.yaml": (read(scenario, "Pulumi.dev.yaml") ?? "")
          .replace("plain value", "changed value")
          .replace("somewhere", "elsewhere"),
      },
    }),
  ],
  [
    "13-import",
    /import/,
    (scenario, file) => ({
      files: {
        "import.json":
          read(scenario, file.startsWith("8-") ? "import-without-inputs.json" : "import.json") ??
          "",
      },
    }),
  ],
  ["18-hooks", /^1-.*up|^1[01]-/, beside("alone")],
  ["19-check-and-diff-failures", /^[1234]-/, beside("good")],
  ["17-signals", /^[13]-sigint/, interrupted("slow", "other", "SIGINT")],
  [
    "17-signals",
    /^4-sigint/,
    () => ({
      interruption: { signals: ["SIGINT"], toGroup: true, isTime: underWay("slow", "other") },
    }),
  ],
  ["17-signals", /^5-sigint/, interrupted("slow", "other", "SIGINT", "SIGINT")],
  ["17-signals", /^7-sigterm/, interrupted("slow", "other", "SIGTERM")],
  ["17-signals", /^8-sigkill/, interrupted("slow", "other", "SIGKILL")],
  ["17-signals", /^14-sigkill/, interrupted("fresh", "next", "SIGKILL")],
  ["17-signals", /^(9|10|14-cancel)/, () => ({ isLocked: true })],
];

function underWay(begun: string, ended: string): Interruption["isTime"] {
  return (calls) => {
    const named = (name: string) =>
      calls.filter(
        ({ call, request }) =>
          /\.(Create|Update)$/.test(call) && String(request?.["urn"]).endsWith(`::${name}`),
      );
    const isOver = ({ n }: RecordedCall): boolean =>
      calls.some((line) => line.n === n && line.event === "end");
    return named(begun).length > 0 && named(ended).some(isOver);
  };
}
