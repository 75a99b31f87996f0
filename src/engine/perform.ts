import type { EngineCommand, EngineIo } from "./command.js";
import { importStack } from "./import.js";
import { readImports } from "./import-file.js";
import type { Interruption } from "./interruption.js";
import { destroyStack, refreshStack } from "./maintenance.js";
import { Outcome } from "./outcome.js";
import type { Run } from "./run.js";
import { RunContext } from "./run-context.js";
import type { Session } from "./session.js";
import { startShow, wordsOf } from "./show.js";
import type { StackConfig } from "./stack-config.js";
import { updateStack } from "./update.js";
import { planOf } from "./wish.js";

export interface Order {
  readonly command: EngineCommand;
  readonly io: EngineIo;
  readonly session: Session;
  readonly interruption: Interruption;
}

export interface RunReport {
  readonly exitCode: number;
  readonly outcome: Outcome;
}

/** Does one preview or one run in earnest, and shows it. */
export async function performRun(
  order: Order,
  { isPreview }: { readonly isPreview: boolean },
): Promise<RunReport> {
  const { command, session, interruption } = order;
  const start = performance.now();
  const outcome = new Outcome({ hasSames: command.showSames ?? false, isPreview });
  const config = await session.readConfig();
  const loaded = await session.readCheckpoint();
  const show = startShow(order, {
    isPreview,
    outcome,
    config,
    findSettled: (urn) => run.snapshot.findSettled(urn),
  });
  const parallel = command.parallel ?? 8;
  const context = new RunContext({
    session,
    loaded,
    isPreview,
    plan: planOf(command, loaded.resources),
    parallel,
    emit: (event) => {
      outcome.listen(event);
      show.listen(event);
    },
  });
  const run = context.run;
  context.obey(interruption);
  if (!isPreview && command.verb !== "refresh") warnOfPending(run, loaded.pendingOperations);
  if (command.clearPendingCreates) await run.snapshot.forgetPending();
  const work = perform(command, context, config).catch((error: unknown) => run.fail(error));
  const isAbandoned = await Promise.race([
    work.then(() => false),
    interruption.second.then(() => true),
  ]);
  if (isAbandoned) context.abandon();
  else if (run.isFailing) run.stopFor({ kind: "step-failed" });
  tellOfStop(run, { noun: wordsOf(command, isPreview).noun, isAbandoned });
  const seconds = (performance.now() - start) / 1000;
  show.finish({ isFailed: run.stop !== undefined, isAbandoned, seconds, left: run.snapshot.all });
  if (isAbandoned) order.io.writeError(`error: ${wordsOf(command, isPreview).noun} cancelled\n`);
  return { exitCode: isAbandoned ? 8 : exitCodeOf(run), outcome };
}

function perform(command: EngineCommand, context: RunContext, config: StackConfig): Promise<void> {
  switch (command.verb) {
    case "preview":
    case "up":
      return updateStack(context, config);
    case "refresh":
      return refreshStack(context);
    case "destroy":
      return destroyStack(context);
    case "import":
      return importStack(context, config, {
        imports: readImports(command.imports, command.cwd, context.session),
        protect: command.protect ?? true,
      });
    case "cancel":
    case "export":
      return Promise.resolve();
  }
}

function tellOfStop(
  run: Run,
  { noun, isAbandoned }: { readonly noun: string; readonly isAbandoned: boolean },
): void {
  if (isAbandoned) {
    run.say("error", `${noun} failed`);
    return;
  }
  switch (run.stop?.kind) {
    case "cancelled":
      run.say("error", `${noun} canceled`);
      return;
    case "step-failed":
      run.say("error", `${noun} failed${run.stop.because ?? ""}`);
      return;
    case "problem":
    case "refused":
    case undefined:
      return;
  }
}

function exitCodeOf({ stop }: Run): number {
  if (stop === undefined) return 0;
  return stop.kind === "refused" ? 2 : 1;
}

function warnOfPending(
  run: Run,
  pending: Awaited<ReturnType<Session["readCheckpoint"]>>["pendingOperations"],
): void {
  if (pending.length === 0) return;
  const list = pending
    .map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}\n`)
    .join("");
  run.say(
    "warning",
    `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.\n` +
      `${list}Nobody knows whether these calls reached their end. Look at the resources themselves; a \`refresh\` reads ` +
      "what is there, and `refresh --clear-pending-creates` forgets creates that came to nothing.\n",
  );
}
