import type { Child } from "./child-process.js";
import { settleDefaultProvider } from "./default-provider.js";
import { deleteRest } from "./deletion.js";
import { type Launch, startProgram } from "./launch.js";
import { refreshBefore } from "./maintenance.js";
import { MonitorClosed, startMonitor } from "./monitor.js";
import { isSame } from "./property.js";
import { refreshAll } from "./refresh.js";
import { Registrations } from "./registration.js";
import { providerType, stackType } from "./resource-state.js";
import type { Run } from "./run.js";
import { lineHandler, logHandler, type RunContext } from "./run-context.js";
import { configInputs, type StackConfig } from "./stack-config.js";

/** Runs the program once, as a preview or in earnest, and brings the stack to what it asks for. */
export async function updateStack(context: RunContext, config: StackConfig): Promise<void> {
  const { run, session, parallel } = context;
  const isRefreshedApart = run.plan.refresh && !hasConfigOfState(run, config);
  if (isRefreshedApart) await refreshBefore(context);
  if (run.stop !== undefined) return;
  const { project, stack } = session;
  const registrations = new Registrations(run, {
    project: project.name,
    stack,
    providerReference: once(() =>
      settleDefaultProvider(run.snapshot, {
        project: project.name,
        stack,
        config,
        isPreview: run.isPreview,
      }),
    ),
  });
  const ending = new ProgramEnd(run, registrations);
  const monitor = await startMonitor({
    deployment: {
      project: project.name,
      stack,
      isPreview: run.isPreview,
      parallel,
      secretKeys: [...config].flatMap(([key, { isSecret }]) => (isSecret ? [key] : [])),
    },
    register: (goal) => registrations.register(goal),
    registerOutputs: (urn, outputs) => registrations.registerOutputs(urn, outputs),
    finish: () => ending.finish(),
    refuse: (error) => run.fail(error),
    log: logHandler(run),
  });
  const launch = (source: string): Launch => ({
    project,
    stack,
    environment: session.environment,
    engineAddress: monitor.address,
    onLine: lineHandler(run, source),
  });
  try {
    context.launchProvider(launch("provider"), configInputs(config));
    if (run.plan.refresh && !isRefreshedApart) await refreshAll(run, { isFirst: true });
    await run.settled();
    if (run.stop !== undefined) return;
    const program = startProgram(launch("program"), { config, isPreview: run.isPreview, parallel });
    await followProgram(context, program, ending);
    if (run.stop !== undefined && !run.isPreview && !ending.isFinished)
      tellKeptOutputs(run, registrations.hasStackOutputs);
  } finally {
    await context.closeProvider();
    monitor.close();
  }
}

/** A refresh gets the configuration of the last update. Where that has not changed, one provider process does for both. */
function hasConfigOfState({ snapshot }: Run, config: StackConfig): boolean {
  const provider = snapshot.rest.find(({ type }) => type === providerType);
  return isSame(provider?.inputs ?? {}, configInputs(config));
}

async function followProgram(
  { run, children }: RunContext,
  program: Child,
  ending: ProgramEnd,
): Promise<void> {
  children.add(program);
  const end = program.closed.then((code) => ending.judge(code));
  await Promise.race([end, run.stopped()]);
  await run.settled();
  if (run.stop !== undefined) await program.stop("SIGTERM", 1000);
  await end;
}

/** The stack keeps its outputs; Pulumi shows them as gone if the program did not come to tell of any. */
function tellKeptOutputs({ snapshot, emit }: Run, areTold: boolean): void {
  const outputs = snapshot.all.find(({ type }) => type === stackType)?.outputs ?? {};
  emit({ kind: "stack-outputs", old: outputs, new: areTold ? outputs : {} });
}

/** Tells a program that came to its end from one that broke off. */
class ProgramEnd {
  readonly #run: Run;
  readonly #registrations: Registrations;
  #isFinished = false;

  constructor(run: Run, registrations: Registrations) {
    this.#run = run;
    this.#registrations = registrations;
  }

  /** Whether the program registered everything, whatever became of it then. */
  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** The program has registered everything: what it did not register is deleted now. */
  async finish(): Promise<void> {
    await this.#run.settled();
    // After a failure the SDK signals the end all the same. To delete then would delete everything
    // that the program did not come to.
    const { seen } = this.#registrations;
    if (this.#run.stop === undefined)
      this.#run.requireNames(new Set([...seen, ...this.#run.snapshot.all.map(({ urn }) => urn)]));
    if (this.#run.stop !== undefined) throw new MonitorClosed();
    this.#isFinished = true;
    await this.#registrations.settleStackOutputs();
    await deleteRest(this.#run);
  }

  judge(code: number | null): void {
    if (this.#run.stop !== undefined) return;
    if (this.#isFinished && code === 0) return;
    // The SDK has logged the error already when it ends with this code.
    if (code === 32) this.#run.stopFor({ kind: "problem" });
    else this.#run.fail(new Error(`The program ended ${howItEnded(code)}; nothing was deleted.`));
  }
}

function howItEnded(code: number | null): string {
  if (code === null) return "by a signal";
  return code === 0 ? "before it had registered everything" : `with exit code ${code}`;
}

function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
