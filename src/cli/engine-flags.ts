import { parseArgs } from "node:util";
import { type EngineVerb, engineVerbs } from "../engine/command.js";

interface Flag {
  /** What the flag takes, as the help shows it; without it the flag is a switch. */
  readonly takes?: string;
  readonly isRepeatable?: boolean;
  readonly verbs: readonly EngineVerb[];
  readonly says: string;
}

const updating: readonly EngineVerb[] = ["preview", "up"];
const changing: readonly EngineVerb[] = ["preview", "up", "refresh", "destroy"];
const running: readonly EngineVerb[] = [...changing, "import"];
const urns = { takes: "URN", isRepeatable: true } as const;

const groups: Readonly<Record<string, Readonly<Record<string, Flag>>>> = {
  Where: {
    cwd: { takes: "DIR", verbs: engineVerbs, says: "folder of Pulumi.yaml (default: this folder)" },
    stack: { takes: "NAME", verbs: engineVerbs, says: "the stack (required)" },
    config: {
      takes: "KEY=VALUE",
      isRepeatable: true,
      verbs: running,
      says: "a configuration value for this run; may be repeated",
    },
  },
  How: {
    yes: { verbs: ["up", "refresh", "destroy", "import", "cancel"], says: "go on without asking" },
    "skip-preview": { verbs: ["up", "refresh", "destroy", "import"], says: "without the preview" },
    "preview-only": { verbs: ["refresh", "destroy", "import"], says: "nothing but the preview" },
    parallel: { takes: "N", verbs: running, says: "provider calls at once (default 8)" },
    refresh: { verbs: [...updating, "destroy"], says: "read every resource first" },
    "continue-on-error": {
      verbs: ["up", "destroy"],
      says: "go on with what does not rest on what failed",
    },
    "expect-no-changes": {
      verbs: [...updating, "refresh"],
      says: "exit code 7 if anything changes, or would",
    },
    "clear-pending-creates": { verbs: ["refresh"], says: "forget creates that were cut off" },
  },
  "Which resources (each URN flag may be repeated; * is anything up to the next colon, ** anything)":
    {
      target: { ...urns, verbs: changing, says: "only this one" },
      "target-dependents": { verbs: changing, says: "and what rests on a target" },
      exclude: { ...urns, verbs: changing, says: "all but this one" },
      "exclude-dependents": { verbs: changing, says: "nor what rests on an excluded one" },
      "exclude-protected": {
        verbs: ["destroy"],
        says: "all but the protected ones and what they rest on",
      },
      replace: { ...urns, verbs: updating, says: "make this one anew" },
      "target-replace": { ...urns, verbs: updating, says: "--target and --replace in one" },
    },
  "What is there already": {
    file: {
      takes: "FILE",
      verbs: ["import"],
      says: "resources, as `dadosfera import-file` writes them",
    },
    protect: {
      takes: "BOOLEAN",
      verbs: ["import"],
      says: "protect it from deletion (default true)",
    },
    "generate-code": { takes: "BOOLEAN", verbs: ["import"], says: "only false is taken" },
  },
  Output: {
    diff: { verbs: running, says: "all inputs of what changes" },
    "show-sames": { verbs: running, says: "what does not change, too" },
    json: { verbs: running, says: "JSON: one document for a preview, one event a line for a run" },
  },
};

const flags: ReadonlyMap<string, Flag> = new Map(
  Object.values(groups).flatMap((group) => Object.entries(group)),
);

/** What the Pulumi CLI knows and this engine does not: refused in words that say so. */
const unsupported: readonly string[] = [
  "debug",
  "from",
  "ignore-protect",
  "import-file",
  "out",
  "parent",
  "plan",
  "policy-pack",
  "properties",
  "provider",
  "remove",
  "run-program",
  "save-plan",
  "show-secrets",
];

/** Every flag, in groups, one line each. */
export function describeFlags(): string {
  const describe = ([name, { takes, verbs, says }]: [string, Flag]): string => {
    const usage = takes === undefined ? name : `${name} ${takes}`;
    const scope = verbs.length < running.length ? `${verbs.join(", ")}: ` : "";
    return `  --${usage.padEnd(22)} ${scope}${says}\n`;
  };
  return Object.entries(groups)
    .map(([title, group]) => `${title}:\n${Object.entries(group).map(describe).join("")}`)
    .join("\n");
}

/** What the arguments say. */
export interface Given {
  readonly verb: EngineVerb;
  /** What stands after the verb. */
  readonly rest: readonly string[];
  readonly is: (flag: string) => boolean;
  readonly text: (flag: string) => string | undefined;
  readonly list: (flag: string) => readonly string[];
}

/** Throws what is wrong with the arguments, in words for the person. */
export function readArguments(args: readonly string[]): Given {
  const foreign = args
    .map((arg) => arg.replace(/^--/, "").replace(/=.*$/s, ""))
    .find((name, at) => args[at]?.startsWith("--") && unsupported.includes(name));
  if (foreign !== undefined) throw new Error(refusal(foreign));
  const options = [...flags].map(([name, { takes, isRepeatable = false }]) => {
    const type = takes === undefined ? "boolean" : "string";
    return [name, { type, multiple: isRepeatable }] as const;
  });
  const { values, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries(options),
    allowPositionals: true,
  });
  const [first, ...rest] = positionals;
  const verb = engineVerbs.find((each) => each === first);
  if (verb === undefined || (rest.length > 0 && verb !== "import"))
    throw new Error(`Name one verb: ${engineVerbs.join(", ")}.`);
  for (const name of Object.keys(values)) {
    const verbs = flags.get(name)?.verbs ?? [];
    if (!verbs.includes(verb)) throw new Error(`--${name} is for ${verbs.join(", ")}.`);
  }
  const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);
  return {
    verb,
    rest,
    is: (flag) => values[flag] === true,
    text: (flag) => textOf(values[flag]),
    list: (flag) => [values[flag] ?? []].flat().map(String),
  };
}

function refusal(flag: string): string {
  return (
    `Refused: this engine does not do --${flag}.\n` +
    "Nothing was run.\n" +
    "Leave it out, or use the Pulumi CLI: this engine is for demos and tests, not for deployments."
  );
}
