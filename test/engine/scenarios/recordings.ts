import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../support/package-root.js";
import { startOf } from "./starts.js";

/** What was recorded from the Pulumi CLI, beside this package where it is at all. */
export const RECORDINGS = join(PACKAGE_ROOT, "../shared/engine");

export const hasRecordings = existsSync(join(RECORDINGS, "scenarios"));

/** One command of a scenario, with what it left. */
export interface Step {
  readonly scenario: string;
  /** The file that holds its output, such as `1-replace.preview-diff.txt`. */
  readonly file: string;
  /** Without `pulumi` and what only concerns the terminal. */
  readonly args: readonly string[];
  /** The program's variation. */
  readonly variation: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly exitCode: number;
  readonly output: string;
  /** The name of the state file that it began with; undefined for an empty stack. */
  readonly start: string | undefined;
  /** The text of the state file after it, if it was kept. */
  readonly state: string | undefined;
  readonly calls: readonly RecordedCall[] | undefined;
}

/** One line of a `calls.jsonl`. */
export interface RecordedCall {
  readonly n: number | string;
  readonly event: "start" | "end";
  /** Such as `ResourceProvider.Check`. */
  readonly call: string;
  readonly request?: Readonly<Record<string, unknown>>;
  readonly response?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly string[];
}

interface Command {
  readonly file: string;
  readonly command: string;
  readonly step: string;
  readonly exitCode: number;
  readonly env?: Readonly<Record<string, string>>;
}

export function listScenarios(): readonly string[] {
  return readdirSync(join(RECORDINGS, "scenarios")).sort();
}

export function readSteps(scenario: string): readonly Step[] {
  const commands: readonly Command[] = JSON.parse(read(scenario, "steps.json") ?? "[]");
  return commands.map((command, at): Step => {
    const { file, step, exitCode, env } = command;
    const base = baseOf(file);
    const calls = read(scenario, `${base}.calls.jsonl`);
    const earlier = commands.slice(0, at).map((each) => `${baseOf(each.file)}.state.json`);
    const own = `${base}.state.json`;
    const before = ["0-start.state.json", ...earlier.filter((name) => name !== own)];
    return {
      scenario,
      file,
      args: argumentsOf(command.command),
      variation: step,
      environment: env ?? {},
      exitCode,
      output: read(scenario, file) ?? "",
      start:
        (startOf(scenario, file) ?? before.findLast((name) => exists(scenario, name))) || undefined,
      state: read(scenario, `${base}.state.json`),
      calls: calls
        ?.trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    };
  });
}

export function read(scenario: string, file: string): string | undefined {
  const path = join(RECORDINGS, "scenarios", scenario, file);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function exists(scenario: string, file: string): boolean {
  return existsSync(join(RECORDINGS, "scenarios", scenario, file));
}

/** The forms of one command's output share its calls and its state. */
function baseOf(file: string): string {
  return file.replace(/(-diff)?\.(txt|json)$/, "");
}

function argumentsOf(command: string): readonly string[] {
  return command.replace(" --non-interactive --color never", "").split(" ").slice(1);
}
