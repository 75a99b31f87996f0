import assert from "node:assert/strict";
import type { Child } from "#src/engine/child-process.js";
import { startProvider } from "#src/engine/launch.js";
import type { MonitorHandlers } from "#src/engine/monitor.js";
import type { PropertyMap } from "#src/engine/property.js";
import { Provider } from "#src/engine/provider.js";
import type { ResourceState } from "#src/engine/resource-state.js";
import { providerText } from "#src/resources/provider-text.js";
import type { Props } from "./world.js";

type ResourceName = "Pipeline" | "Job" | "MigrationHistory";

/** Pulumi's own process for dynamic providers, and a client of it. */
export interface ProviderUnderTest extends AsyncDisposable {
  readonly verbs: Provider;
  readonly child: Child;
  /** What it printed after its port. */
  readonly printed: { readonly stdout: readonly string[]; readonly stderr: readonly string[] };
}

/** Starts the process as the engine does: with the environment and the stack's configuration, and nothing else. */
export async function startProviderProcess(
  environment: Readonly<Record<string, string>>,
  config: PropertyMap = {},
  engineAddress = "127.0.0.1:1",
): Promise<ProviderUnderTest> {
  const root = process.cwd();
  const printed = { stdout: [] as string[], stderr: [] as string[] };
  const launched = startProvider({
    project: {
      name: "shop",
      root,
      workingDirectory: root,
      program: ".",
      isTypeScript: false,
      nodeArguments: [],
      defaults: {},
    },
    stack: "dev",
    environment: { PATH: process.env["PATH"], DADOSFERA_POLL_INTERVAL_MS: "5", ...environment },
    engineAddress,
    onLine: (stream, line) => printed[stream].push(line),
  });
  const verbs = await Provider.open(launched, config);
  return {
    verbs,
    child: launched.child,
    printed,
    [Symbol.asyncDispose]: () => verbs.close(),
  };
}

/** What a program registers: its arguments, and the text that leads to the provider. */
export function registered(resource: ResourceName, news: Props): PropertyMap {
  return JSON.parse(JSON.stringify({ ...news, __provider: providerText(resource) }));
}

/** What `check` makes of the arguments of a new resource. */
export async function checked(
  { verbs }: ProviderUnderTest,
  resource: "Pipeline" | "Job",
  news: Props,
): Promise<PropertyMap> {
  const { inputs, failures } = await verbs.check(urnOf(resource), {}, registered(resource, news));
  assert.deepEqual(failures, []);
  return inputs;
}

/** A resource checked and created, as the state then keeps it. */
export async function created(under: ProviderUnderTest, resource: "Pipeline" | "Job", news: Props) {
  const inputs = await checked(under, resource, news);
  const { id, outputs } = await under.verbs.create(urnOf(resource), inputs);
  return keptInState(resource, id, outputs);
}

/** The resource as a state file would give it back. */
export function keptInState(
  resource: ResourceName,
  id: string,
  outputs: PropertyMap,
): ResourceState {
  const state = {
    urn: urnOf(resource),
    type: `pulumi-nodejs:dynamic/dadosfera:${resource}`,
    custom: true,
    id,
    inputs: {},
    outputs,
  };
  return JSON.parse(JSON.stringify(state));
}

export function urnOf(resource: ResourceName): string {
  return `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dadosfera:${resource}::orders`;
}

const fail = () => assert.fail("a provider asks nothing of the monitor");

/** An engine that listens, and hears nothing. */
export const deafMonitor: MonitorHandlers = {
  deployment: { project: "shop", stack: "dev", isPreview: true, parallel: 1, secretKeys: [] },
  register: fail,
  registerOutputs: fail,
  finish: fail,
  refuse: fail,
  log: () => undefined,
};
