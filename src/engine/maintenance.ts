import { deleteRest } from "./deletion.js";
import { startMonitor } from "./monitor.js";
import { refreshAll } from "./refresh.js";
import { providerType, stackType } from "./resource-state.js";
import { lineHandler, logHandler, type RunContext } from "./run-context.js";

/** Makes the state say what is there. The program is not run. */
export async function refreshStack(context: RunContext): Promise<void> {
  const { run } = context;
  await withProviderFromState(context, () => refreshAll(run));
  const stack = run.snapshot.rest.find(({ type }) => type === stackType);
  const outputs = stack?.outputs ?? {};
  run.emit({ kind: "stack-outputs", old: outputs, new: outputs });
}

/** Deletes everything the state knows. The program is not run. */
export async function destroyStack(context: RunContext): Promise<void> {
  await withProviderFromState(context, () => deleteRest(context.run));
}

/** The provider gets the configuration of the last update, which the state has kept. */
async function withProviderFromState(
  context: RunContext,
  work: () => Promise<void>,
): Promise<void> {
  const { run, session } = context;
  const monitor = await startMonitor({
    deployment: {
      project: session.project.name,
      stack: session.stack,
      isPreview: run.isPreview,
      parallel: context.parallel,
      secretKeys: [],
    },
    ...noProgram,
    log: logHandler(run),
  });
  try {
    const launch = {
      project: session.project,
      stack: session.stack,
      environment: session.environment,
      engineAddress: monitor.address,
      onLine: lineHandler(run, "provider"),
    };
    const provider = run.snapshot.rest.find(({ type }) => type === providerType);
    context.launchProviderOnDemand(launch, provider?.inputs ?? {});
    await work();
    await run.settled();
  } finally {
    await context.closeProvider();
    monitor.close();
  }
}

const never = (): Promise<never> => Promise.reject(new Error("No program is running."));

const noProgram = {
  register: never,
  registerOutputs: never,
  finish: never,
  refuse: () => undefined,
};
