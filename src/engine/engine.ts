import type { EngineCommand, EngineIo, EngineVerb } from "./command.js";
import { EngineError } from "./engine-error.js";
import { watchSignals } from "./interruption.js";
import type { JsonDiagnostic, JsonStep } from "./outcome.js";
import { type Order, performRun, type RunReport } from "./perform.js";
import type { PropertyMap } from "./property.js";
import { openSession, type Session } from "./session.js";

export interface EngineResult {
  /** 0 done; 1 failed; 2 refused or misused; 7 changes where none were expected; 8 ended by a second signal. */
  readonly exitCode: number;
  readonly steps: readonly JsonStep[];
  readonly diagnostics: readonly JsonDiagnostic[];
  readonly changeSummary: Readonly<Record<string, number>>;
  /** The stack's outputs, secrets as `[secret]`. */
  readonly outputs: PropertyMap;
}

/** Runs one command of the engine and answers its exit code. Never rejects. */
export async function runEngine(command: EngineCommand, io: EngineIo): Promise<number> {
  return (await runCommand(command, io)).exitCode;
}

/** The same, with what was done. */
export async function runCommand(command: EngineCommand, io: EngineIo): Promise<EngineResult> {
  using interruption = watchSignals(io.write);
  try {
    const session = openSession(command);
    if (command.verb === "export") return exportStack(session, io);
    if (command.verb === "cancel") return cancelRun(command, session, io);
    return await runVerb({ command, io, session, interruption });
  } catch (error) {
    io.writeError(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return { ...nothing, exitCode: error instanceof EngineError ? error.exitCode : 1 };
  }
}

const nothing = {
  exitCode: 0,
  steps: [],
  diagnostics: [],
  changeSummary: {},
  outputs: {},
} as const;

async function runVerb(order: Order): Promise<EngineResult> {
  const { command, io, session } = order;
  if (command.verb === "preview" || command.previewOnly)
    return resultOf(order, await performRun(order, { isPreview: true }));
  const isAsked = command.yes !== true;
  if (isAsked && !(io.isTty && io.confirm)) throw needsYes(command.verb);
  // A refresh changes nothing but the state, and shows what it found; so it is not previewed.
  const isPreviewed = command.verb !== "refresh" && command.skipPreview !== true;
  using _lock = session.backend.lock();
  if (isPreviewed) {
    const preview = await performRun(order, { isPreview: true });
    if (preview.exitCode !== 0) return resultOf(order, preview);
  }
  if (isAsked && !(await io.confirm?.(`Perform this ${command.verb}?`))) {
    io.writeError("Nothing was changed.\n");
    return { ...nothing, exitCode: 1 };
  }
  return resultOf(order, await performRun(order, { isPreview: false }));
}

function resultOf({ command, io }: Order, { exitCode, outcome }: RunReport): EngineResult {
  const { steps, diagnostics, changeSummary, outputs } = outcome;
  const hasChanges = Object.keys(changeSummary).some((operation) => operation !== "same");
  const isUnexpected = command.expectNoChanges === true && exitCode === 0 && hasChanges;
  if (isUnexpected) {
    const noun = command.verb === "up" ? "update" : command.verb;
    io.writeError(`error: no changes were expected for ${noun} but changes were proposed\n`);
  }
  const code = isUnexpected ? 7 : exitCode;
  return { exitCode: code, steps, diagnostics, changeSummary, outputs };
}

function exportStack(session: Session, io: EngineIo): EngineResult {
  const text = session.backend.read();
  if (text === undefined) {
    throw new EngineError({
      happened: `Found no state of stack "${session.stack}": there is no file ${session.backend.path}.`,
      now: "Nothing was changed.",
      next: "Run `dadosfera engine up` first, or name another --stack.",
      exitCode: 1,
    });
  }
  const { checkpoint } = JSON.parse(text) as {
    readonly checkpoint?: { readonly latest?: unknown };
  };
  io.write(`${JSON.stringify({ version: 3, deployment: checkpoint?.latest ?? {} }, null, 4)}\n`);
  return nothing;
}

/** Gives the stack free that a killed command holds. */
function cancelRun(command: EngineCommand, session: Session, io: EngineIo): EngineResult {
  if (command.yes !== true) throw needsYes("cancel");
  session.backend.dropLocks();
  io.write(`The currently running update for '${session.stack}' has been canceled!\n`);
  return nothing;
}

function needsYes(verb: EngineVerb): EngineError {
  return new EngineError({
    happened: `Refused to ${verb}: there is no terminal to ask for consent.`,
    now: "Nothing was changed.",
    next: "Add --yes to go on without asking.",
    exitCode: 2,
  });
}
