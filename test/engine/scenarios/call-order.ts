import type { Call } from "./calls.js";
import { sortedBy } from "./plain-values.js";
import type { RecordedCall } from "./recordings.js";

/** What is fixed of the order of a run's calls, in words that can be compared. */
export interface CallOrder {
  /** For each resource, and for each two of which one needs the other: their calls, one after the other. */
  readonly sequences: Readonly<Record<string, readonly string[]>>;
  readonly deletesComeLast: boolean;
  readonly readsComeFirst: boolean;
  /** Whether each batch of deletes was over before the next one began. */
  readonly deletesInBatches: boolean;
}

interface Entry {
  readonly urn: string;
  readonly parent?: string;
  readonly dependencies?: readonly string[];
}

/** Reads what a resource needs from the state before the run and from what the program registers. */
export function needsOf(
  state: string | undefined,
  lines: readonly RecordedCall[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const stored: readonly Entry[] =
    state === undefined ? [] : (JSON.parse(state).checkpoint?.latest?.resources ?? []);
  const registered = lines.flatMap(({ n, event, call, request }): Entry[] => {
    if (event !== "start" || call !== "ResourceMonitor.RegisterResource") return [];
    const end = lines.find((line) => line.n === n && line.event === "end");
    const urn = end?.response?.["urn"];
    return typeof urn === "string" ? [{ ...request, urn }] : [];
  });
  const needs = new Map<string, Set<string>>();
  for (const { urn, parent, dependencies = [] } of [...stored, ...registered]) {
    const known = needs.get(urn) ?? new Set();
    for (const each of parent ? [parent, ...dependencies] : dependencies) known.add(each);
    needs.set(urn, known);
  }
  return needs;
}

export function orderOf(
  calls: readonly Call[],
  needs: ReadonlyMap<string, ReadonlySet<string>>,
): CallOrder {
  const urns = [...new Set(calls.map(({ urn }) => urn))]
    .filter((urn) => urn.includes("Thing"))
    .sort();
  const later = calls.filter((call) => !isOfRefresh(call, calls));
  const sequences: Record<string, readonly string[]> = {};
  for (const urn of urns) {
    sequences[short(urn)] = sequence(calls, [urn]);
    for (const needed of needs.get(urn) ?? []) {
      if (urns.includes(needed))
        sequences[`${short(urn)} needs ${short(needed)}`] = sequence(later, [urn, needed]);
    }
  }
  const of = (...methods: readonly string[]) =>
    calls.filter(({ method }) => methods.includes(method));
  return {
    sequences,
    deletesComeLast: isBefore(of("Create", "Update"), of("Delete")),
    readsComeFirst: isBefore(of("Read"), of("Check")),
    deletesInBatches: areInBatches(of("Delete"), needs),
  };
}

/** The most calls of a method that were under way at once. */
export function mostAtOnce(calls: readonly Call[], method: string): number {
  const chosen = calls.filter((call) => call.method === method);
  const counts = chosen.map(
    ({ startedAt }) =>
      chosen.filter(
        (other) => other.startedAt <= startedAt && (other.endedAt ?? Infinity) > startedAt,
      ).length,
  );
  return Math.max(0, ...counts);
}

/** Reads have no order, and each is followed by a diff of its own. */
function isOfRefresh({ urn, startedAt, method }: Call, calls: readonly Call[]): boolean {
  if (method === "Read") return true;
  const own = calls.filter((call) => call.urn === urn && call.startedAt < startedAt);
  return own.length > 0 && own.every((call) => call.method === "Read");
}

function sequence(calls: readonly Call[], urns: readonly string[]): readonly string[] {
  const points = calls
    .filter(({ urn }) => urns.includes(urn))
    .flatMap(({ method, urn, startedAt, endedAt }) => [
      { at: startedAt, words: `${method} ${short(urn)}` },
      ...(endedAt === undefined ? [] : [{ at: endedAt, words: `end of ${method} ${short(urn)}` }]),
    ]);
  return sortedBy(points, ({ at }) => String(at).padStart(6, "0")).map(({ words }) => words);
}

function isBefore(first: readonly Call[], second: readonly Call[]): boolean {
  return first.every((one) => second.every((two) => one.startedAt < two.startedAt));
}

/** By how long the chain is of what a resource rests on among what goes: the longest first. */
function areInBatches(
  deletes: readonly Call[],
  needs: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const going = new Set(deletes.map(({ urn }) => urn));
  const depthOf = (urn: string): number => {
    const below = [...(needs.get(urn) ?? [])].filter((each) => going.has(each));
    return 1 + Math.max(0, ...below.map(depthOf));
  };
  return deletes.every((one) =>
    deletes.every(
      (two) => depthOf(one.urn) <= depthOf(two.urn) || (one.endedAt ?? Infinity) < two.startedAt,
    ),
  );
}

function short(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}
