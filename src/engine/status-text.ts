import type { Operation, Step } from "./events.js";

/** The three columns in front of a row. */
export function markOfOperation(operation: Operation): string {
  return marks[operation];
}

const marks: Readonly<Record<Operation, string>> = {
  same: "  ",
  create: "+ ",
  update: "~ ",
  delete: "- ",
  replace: "+-",
  "create-replacement": "++",
  "delete-replaced": "--",
  refresh: "~ ",
  import: "= ",
};

/** What a row says of its step, such as `update`, `updating (0.1s)` or `**updating failed**`. */
export function formatStatus(
  step: Step,
  at: {
    readonly phase: "started" | "finished" | "failed";
    readonly seconds: number;
    readonly isPreview: boolean;
  },
): string {
  const words = vocabulary[step.operation];
  const retained = step.isRetained ? "[retain]" : "";
  if (words === undefined) return "";
  if (at.isPreview && step.operation === "refresh")
    return at.phase === "started" ? words.doing : words.done;
  if (at.isPreview) return `${words.plan}${retained}`;
  if (at.phase === "failed") return formatFailure(step.operation);
  const word = at.phase === "started" ? words.doing : words.done;
  return `${word} (${at.seconds.toFixed(at.seconds < 0.1 ? 2 : 1)}s)${retained}`;
}

/** What stands in the place of a status after a failure. */
export function formatFailure(operation: Operation): string {
  const [doing] = vocabulary[operation]?.doing.split(" ") ?? [];
  return doing === undefined ? "**failed**" : `**${doing} failed**`;
}

interface Words {
  readonly plan: string;
  readonly doing: string;
  readonly done: string;
}

const vocabulary: Readonly<Partial<Record<Operation, Words>>> = {
  create: { plan: "create", doing: "creating", done: "created" },
  update: { plan: "update", doing: "updating", done: "updated" },
  delete: { plan: "delete", doing: "deleting", done: "deleted" },
  replace: { plan: "replace", doing: "replacing", done: "replaced" },
  "create-replacement": {
    plan: "create replacement",
    doing: "creating replacement",
    done: "created replacement",
  },
  "delete-replaced": {
    plan: "delete original",
    doing: "deleting original",
    done: "deleted original",
  },
  refresh: { plan: "refresh", doing: "refreshing", done: "refresh" },
  import: { plan: "import", doing: "importing", done: "imported" },
};
