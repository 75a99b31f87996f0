import { deleteRest } from "./deletion.js";
import { startMonitor } from "./monitor.js";
import type { PropertyMap } from "./property.js";
import { refreshAll } from "./refresh.js";
import { providerType, stackType } from "./resource-state.js";
import { lineHandler, logHandler, type RunContext } from "./run-context.js";
import { follow } from "./selection.js";

/** Makes the state say what is there. The program is not run. */
export async function refreshStack(context: RunContext): Promise<void> {
  const { run } = context;
  await withProviderFromState(context, () => refreshAll(run, { isFirst: false }));
  const stack = run.snapshot.rest.find(({ type }) => type === stackType);
  if (stack === undefined || !follow(run.plan.selection)(stack.urn, [])) return;
  const outputs = stack.outputs ?? {};
  run.emit({ kind: "stack-outputs", old: outputs, new: outputs });
}

/** Does the same for an update that follows with another configuration, in a provider process of its own. */
export async function refreshBefore(context: RunContext): Promise<void> {
  await withProviderFromState(context, () => refreshAll(context.run, { isFirst: true }));
}

/** Deletes everything the state knows. The program is not run. */
export async function destroyStack(context: RunContext): Promise<void> {
  const { run } = context;
  await withProviderFromState(context, async () => {
    if (run.plan.refresh) await refreshAll(run, { isFirst: true });
    else run.requireNames(new Set(run.snapshot.all.map(({ urn }) => urn)));
    await run.settled();
    if (run.stop === undefined) await deleteRest(run);
  });
}

/** The provider gets the configuration of the last update, which the state has kept. */
function withProviderFromState(context: RunContext, work: () => Promise<void>): Promise<void> {
  const provider = context.run.snapshot.rest.find(({ type }) => type === providerType);
  return withProvider(context, provider?.inputs ?? {}, work);
}

/** Does work for which no program runs; the provider process is started when it is first asked. */
export async function withProvider(
  context: RunContext,
  config: PropertyMap,
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
    context.launchProviderOnDemand(launch, config);
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
