import { mostAtOnce, needsOf, orderOf } from "./call-order.js";
import { type Call, providerCalls, registrations, withoutEnds } from "./calls.js";
import { circumstancesOf } from "./circumstances.js";
import type { Ended, Engine } from "./engines.js";
import { plainState, plainValue, sortedBy } from "./plain-values.js";
import { type RecordedCall, read, type Step } from "./recordings.js";
import { plainMessage, readText } from "./text-facts.js";
import { Workspace } from "./workspace.js";

/** What a run left behind. */
export interface Left extends Ended {
  readonly stateBefore: string;
  readonly stateText: string;
  readonly calls: readonly RecordedCall[];
}

/** Runs a step, and answers what it left. */
export async function play(engine: Engine, step: Step): Promise<Left> {
  using workspace = new Workspace(step);
  const ended = await engine.run(step.args, workspace);
  const { stateBefore, stateText, calls } = workspace;
  return { ...ended, stateBefore, stateText, calls };
}

/** The same facts of a run and of its recording, side by side; what was not recorded is in neither. */
export async function sideBySide(
  step: Step,
  left: Left,
): Promise<{ readonly run: object; readonly recorded: object }> {
  const needs = needsOf(left.stateBefore, [...left.calls, ...(step.calls ?? [])]);
  const recordedStderr = read(step.scenario, `${step.file}.stderr.txt`) ?? "";
  const facts = async (of: Omit<Left, "stateBefore">): Promise<object> => {
    const { bystanders = [] } = circumstancesOf(step);
    const isCutOff = step.exitCode === 8 || step.exitCode < 0;
    const all = {
      exitCode: of.exitCode,
      ...(step.calls && callFacts(step, isCutOff ? withoutEnds(of.calls) : of.calls, needs)),
      // What else a program registers when it is about to fail is a matter of chance.
      ...(step.calls && step.exitCode === 0 && { registrations: registrations(of.calls) }),
      ...(step.args.includes("--parallel") && { atOnce: atOnce(of.calls) }),
      ...(step.state && { state: await plainState(of.stateText) }),
      ...(step.args.includes("--json")
        ? jsonFacts(of.stdout)
        : { text: readText(of.stdout, of.stderr) }),
    };
    return bystanders.length > 0 ? withoutBystanders(all, bystanders) : all;
  };
  return {
    run: await facts(left),
    recorded: await facts({
      exitCode: step.exitCode,
      calls: step.calls ?? [],
      stateText: step.state ?? "",
      stdout: step.output,
      stderr: recordedStderr,
    }),
  };
}

/** Leaves out every entry that names one of them, and every number that counts them. */
function withoutBystanders(facts: object, names: readonly string[]): object {
  const named = new RegExp(`(^|::| )(${names.join("|")})(["( ]|$)`);
  const counting = new Set(["counts", "changeSummary"]);
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.filter((item) => !named.test(item.urn ?? String(item))).map(strip);
    }
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(value).filter(([key]) => !named.test(key) && !counting.has(key));
    return Object.fromEntries(kept.map(([key, item]) => [key, strip(item)]));
  };
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, strip(value)]));
}

function callFacts(step: Step, lines: readonly RecordedCall[], needs: ReturnType<typeof needsOf>) {
  const calls = callsThatMatter(step, providerCalls(lines));
  return {
    calls: calls.map(({ content }) => JSON.stringify(content)).sort(),
    order: orderOf(calls, needs),
  };
}

/**
 * Whether a provider is started for nothing, and how often it is told of the end, is an engine's own affair;
 * and so is to ask before a destroy what would be replaced, since all of it goes.
 */
function callsThatMatter({ args }: Step, calls: readonly Call[]): readonly Call[] {
  const isAbout = ({ method }: Call): boolean =>
    method !== "Configure" && method !== "Cancel" && !(args[0] === "destroy" && method === "Diff");
  if (!calls.some(isAbout)) return [];
  const end = calls.find(({ method }) => method === "Cancel");
  return calls.filter((call) => isAbout(call) || call.method === "Configure" || call === end);
}

function atOnce(lines: readonly RecordedCall[]): readonly number[] {
  const calls = providerCalls(lines);
  return ["Create", "Delete"].map((method) => mostAtOnce(calls, method));
}

/** One line an event, but for the SDK's own debugging. */
function eventFacts(stdout: string): object {
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ diagnosticEvent }) => diagnosticEvent?.severity !== "debug")
    .map(({ sequence: _sequence, timestamp: _timestamp, ...event }) => plainEvent(event));
  return {
    ends: [Object.keys(events[0] ?? {}), Object.keys(events.at(-1) ?? {})],
    events: events.map((event) => JSON.stringify(plainValue(event))).sort(),
  };
}

function plainEvent(event: Readonly<Record<string, object>>): Readonly<Record<string, object>> {
  const { summaryEvent, resOpFailedEvent } = event;
  // How many steps had ended by then is a matter of chance.
  if (resOpFailedEvent) return { resOpFailedEvent: { ...resOpFailedEvent, steps: undefined } };
  return summaryEvent === undefined
    ? event
    : { summaryEvent: { ...summaryEvent, durationSeconds: undefined } };
}

function jsonFacts(stdout: string): object {
  if (stdout.startsWith('{"sequence"')) return eventFacts(stdout);
  const { steps = [], diagnostics = [], duration, ...document } = JSON.parse(stdout);
  const textOf = ({ message, ...place }: { readonly message: string }): string =>
    JSON.stringify(plainValue({ ...place, message: plainMessage(message) }));
  return {
    json: {
      ...document,
      steps: sortedBy<JsonStep>(steps, ({ op, urn }) => `${urn} ${op}`).map(plainValue),
      diagnostics: sortedBy(diagnostics.map(textOf), String),
      hasDuration: typeof duration === "number" || duration === "<duration>",
    },
  };
}

interface JsonStep {
  readonly op: string;
  readonly urn: string;
}
