import { plainValue } from "./plain-values.js";
import type { RecordedCall } from "./recordings.js";

/** A call with its end, in the order of its start. */
export interface Call {
  readonly method: string;
  readonly urn: string;
  readonly startedAt: number;
  /** Undefined while nobody has seen its end. */
  readonly endedAt: number | undefined;
  /** What it was given and what it answered, in a form that can be compared. */
  readonly content: unknown;
}

/** The calls that the provider got. */
export function providerCalls(lines: readonly RecordedCall[]): readonly Call[] {
  return pair(lines.filter(({ call }) => call.startsWith("ResourceProvider.")));
}

/** The same of a command that was cut off: nobody can say whether the end of a change was still seen. */
export function withoutEnds(lines: readonly RecordedCall[]): readonly RecordedCall[] {
  return lines.filter(({ event, call }) => event === "start" || !/\.(Create|Update)$/.test(call));
}

/** What the program was told of its resources, and what it told of its outputs; of calls that came to an end. */
export function registrations(lines: readonly RecordedCall[]): readonly unknown[] {
  const told = pair(lines.filter(({ call }) => call.startsWith("ResourceMonitor.")));
  return told
    .filter(({ endedAt }) => endedAt !== undefined)
    .map(({ content }) => JSON.stringify(content))
    .sort();
}

// What the engine says of itself in a call, such as addresses and constant flags, is left out.
const compared: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Configure: [["variables", "args"], []],
  Check: [
    ["urn", "olds", "news"],
    ["inputs", "failures"],
  ],
  Diff: [
    ["urn", "id", "olds", "news", "oldinputs", "ignorechanges"],
    ["changes", "replaces", "deletebeforereplace"],
  ],
  Create: [
    ["urn", "properties", "preview"],
    ["id", "properties"],
  ],
  Update: [["urn", "id", "olds", "news", "oldinputs", "ignorechanges"], ["properties"]],
  Delete: [["urn", "id", "properties", "oldinputs"], []],
  Read: [
    ["urn", "id", "properties", "inputs"],
    ["id", "properties", "inputs"],
  ],
  Cancel: [[], []],
  RegisterResource: [[], ["urn", "id", "object"]],
  RegisterResourceOutputs: [["urn", "outputs"], []],
};

function pair(lines: readonly RecordedCall[]): readonly Call[] {
  return lines.flatMap(({ n, event, call, request = {} }, startedAt): Call[] => {
    const method = call.split(".")[1] ?? "";
    const fields = compared[method];
    if (event !== "start" || fields === undefined) return [];
    const at = lines.findIndex((line) => line.n === n && line.event === "end" && !isCutOff(line));
    const end = lines[at];
    const [asked = [], answered = []] = fields;
    const content = {
      method,
      request: pick(request, asked),
      ...(end?.response && { response: pick(end.response, answered) }),
      ...(end?.errors && { error: end.errors.map(withoutCode).join() }),
    };
    const urn = String(request["urn"] ?? "");
    return [
      { method, urn, startedAt, endedAt: at < 0 ? undefined : at, content: plainValue(content) },
    ];
  });
}

function pick(message: Readonly<Record<string, unknown>>, names: readonly string[]): unknown {
  const fields = Object.entries(message).map(([key, value]) => [key.toLowerCase(), value] as const);
  const kept = fields.filter(([key, value]) => names.includes(key) && !isDefault(value));
  return Object.fromEntries(kept.map(([key, value]) => [key, changeKinds.get(value) ?? value]));
}

const changeKinds = new Map<unknown, unknown>([
  ["DIFF_NONE", 1],
  ["DIFF_SOME", 2],
]);

function isDefault(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value || value === "DIFF_UNKNOWN";
}

/** What the engine saw when it ended itself; nobody has seen the end of the call. */
function isCutOff({ errors = [] }: RecordedCall): boolean {
  return errors.some((error) => error.includes("the client connection is closing"));
}

function withoutCode(error: string): string {
  return error.replace(/^rpc error: code = \w+ desc = /, "");
}
