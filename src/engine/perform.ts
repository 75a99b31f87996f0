import type { EngineCommand, EngineIo } from "./command.js";
import type { Listener } from "./events.js";
import { importStack } from "./import.js";
import { readImports } from "./import-file.js";
import type { Interruption } from "./interruption.js";
import { destroyStack, refreshStack } from "./maintenance.js";
import { Outcome } from "./outcome.js";
import { type ResourceState, stackType } from "./resource-state.js";
import type { Run } from "./run.js";
import { RunContext } from "./run-context.js";
import type { Session } from "./session.js";
import type { StackConfig } from "./stack-config.js";
import { TextDisplay } from "./text-display.js";
import { formatTree } from "./tree-text.js";
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
  const outcome = new Outcome({ hasSames: command.showSames ?? false });
  const config = await session.readConfig();
  const loaded = await session.readCheckpoint();
  const { display, listen } = startDisplay(order, { isPreview, outcome });
  const parallel = command.parallel ?? 8;
  const context = new RunContext({
    session,
    loaded,
    isPreview,
    plan: planOf(command, loaded.resources),
    parallel,
    emit: listen,
  });
  const { run } = context;
  context.obey(interruption);
  if (!isPreview && command.verb !== "refresh") warnOfPending(run, loaded.pendingOperations);
  if (command.clearPendingCreates) await run.snapshot.forgetPending();
  const work = perform(command, context, config).catch((error: unknown) => run.fail(error));
  const isAbandoned = await Promise.race([
    work.then(() => false),
    interruption.second.then(() => true),
  ]);
  if (isAbandoned) {
    context.abandon();
    order.io.writeError(`error: ${wordsOf(command, isPreview).noun} cancelled\n`);
    return { exitCode: 8, outcome };
  }
  if (run.failed.size > 0) run.stopFor({ kind: "step-failed" });
  tellOfStop(run, wordsOf(command, isPreview).noun);
  const seconds = (performance.now() - start) / 1000;
  if (command.json === true) order.io.write(formatJson(config, outcome, seconds));
  else {
    const left = run.snapshot.all;
    showEnd(order, {
      isPreview,
      isFailed: run.stop !== undefined,
      outcome,
      display,
      seconds,
      left,
    });
  }
  return { exitCode: exitCodeOf(run), outcome };
}

function showEnd(
  { command, io }: Order,
  end: {
    readonly isPreview: boolean;
    readonly isFailed: boolean;
    readonly outcome: Outcome;
    readonly display: TextDisplay;
    readonly seconds: number;
    readonly left: readonly ResourceState[];
  },
): void {
  const { isPreview, isFailed } = end;
  if (command.diff) io.write(formatTree(end.outcome.finishedSteps, command.showSames));
  end.display.finish({ isFailed, seconds: isPreview ? undefined : end.seconds });
  if (command.verb === "destroy" && !isPreview && !isFailed) io.write(formatLeft(end.left));
}

/** What a destroy left in the state. */
function formatLeft(left: readonly ResourceState[]): string {
  const count = left.length;
  if (count === 0)
    return "The resources in the stack have been deleted, but its configuration and its empty state are still there.\n";
  return left.some(({ protect }) => protect)
    ? `All unprotected resources were destroyed. There are still ${count} protected resources associated with this stack.\n`
    : "";
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

function startDisplay(
  { command, io, session }: Order,
  { isPreview, outcome }: { readonly isPreview: boolean; readonly outcome: Outcome },
): { readonly display: TextDisplay; readonly listen: Listener } {
  const { name } = session.project;
  const display = new TextDisplay({
    write: io.write,
    writeError: io.writeError,
    isTty: io.isTty,
    isPreview,
    hasRows: command.diff !== true,
    hasSames: command.showSames ?? false,
    endsWithStack: command.verb === "refresh",
    stackUrn: `urn:pulumi:${session.stack}::${name}::${stackType}::${name}-${session.stack}`,
  });
  if (command.json === true) return { display, listen: outcome.listen };
  io.write(`${wordsOf(command, isPreview).title} (${session.stack}):\n${command.diff ? "" : "\n"}`);
  const listen: Listener = (event) => {
    outcome.listen(event);
    display.listen(event);
  };
  return { display, listen };
}

function wordsOf(
  { verb }: EngineCommand,
  isPreview: boolean,
): { readonly title: string; readonly noun: string } {
  const isPlain = verb === "preview" || verb === "up";
  if (isPreview) return { title: `Previewing ${isPlain ? "update" : verb}`, noun: "preview" };
  const titles = {
    up: "Updating",
    refresh: "Refreshing",
    destroy: "Destroying",
    import: "Importing",
    preview: "",
    cancel: "",
    export: "",
  };
  return { title: titles[verb], noun: "update" };
}

function tellOfStop(run: Run, noun: string): void {
  switch (run.stop?.kind) {
    case "cancelled":
      run.say("error", `${noun} canceled`);
      return;
    case "step-failed":
      run.say("error", `${noun} failed`);
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

function formatJson(config: StackConfig, outcome: Outcome, seconds: number): string {
  const { steps, diagnostics, changeSummary } = outcome;
  const shown = Object.fromEntries([...config].map(([key, value]) => [key, value.shown]));
  const document = {
    ...(config.size > 0 && { config: shown }),
    steps,
    ...(diagnostics.length > 0 && { diagnostics }),
    duration: Math.round(seconds * 1e9),
    changeSummary,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
