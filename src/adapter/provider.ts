import type { dynamic } from "@pulumi/pulumi";
import { jobInputs, jobOutputs } from "../domain/job.js";
import { historyInputs, historyNews, historyOutputs } from "../domain/migration-history.js";
import { pipelineInputs, pipelineNews, pipelineOutputs } from "../domain/pipeline.js";
import { job } from "../lifecycle/job.js";
import { migrationHistory } from "../lifecycle/migration-history.js";
import { pipeline } from "../lifecycle/pipeline.js";
import { systemClock } from "../maestro/clock.js";
import { openEngineLog } from "./engine-log.js";
import { watchEngine } from "./engine-watch.js";
import { ProviderProcess } from "./process.js";
import { scratchProving } from "./scratch-proving.js";
import { type ReadConfig, readSettings } from "./settings.js";
import { verbsOf } from "./verbs.js";

/** The resources that a state may name. Names are kept for ever: they are part of the text in users' states. */
type ResourceName = "Pipeline" | "Job" | "MigrationHistory";

/** A provider for each resource, all of one process. */
export type Providers = Readonly<Record<ResourceName, dynamic.ResourceProvider>>;

/** Pulumi's verbs for every resource, around a process that is opened at the first verb that needs it. */
export function providersOf(open: () => ProviderProcess): Providers {
  let opened: ProviderProcess | undefined;
  const contextOf = async (urn: string) => {
    opened ??= open();
    return opened.contextOf(urn);
  };
  const maestroContextOf = async (urn: string) => {
    const context = await contextOf(urn);
    opened?.requireMaestro();
    return context;
  };
  const lookAhead = () => {
    try {
      opened ??= open();
      opened.lookAhead();
    } catch {
      // Settings that cannot be used are said by the first verb that needs them: `check` needs none.
    }
  };
  const flush = async () => opened?.log.flushed();
  const withhold = (text: string) => opened?.withhold(text) ?? text;
  return {
    MigrationHistory: verbsOf({
      lifecycle: migrationHistory,
      news: historyNews,
      inputs: historyInputs,
      outputs: historyOutputs,
      contextOf,
      // What it leaves unfinished stands in Hasura's own state, which it reads itself.
      lookAhead: () => undefined,
      flush,
      withhold,
    }),
    Job: verbsOf({
      lifecycle: job,
      news: jobInputs,
      inputs: jobInputs,
      outputs: jobOutputs,
      contextOf: maestroContextOf,
      lookAhead,
      flush,
      withhold,
    }),
    Pipeline: verbsOf({
      lifecycle: pipeline,
      news: pipelineNews,
      inputs: pipelineInputs,
      outputs: pipelineOutputs,
      contextOf: maestroContextOf,
      lookAhead,
      flush,
      withhold,
    }),
  };
}

let providers: Providers | undefined;

/**
 * What the text in the state asks for. `request` is what Pulumi gave to `configure`; it is the same for all resources
 * of a process, so the first one counts.
 */
export function provider(
  name: ResourceName,
  request?: dynamic.ConfigureRequest,
): dynamic.ResourceProvider {
  providers ??= providersOf(() => openProcess((key) => request?.config.get(key)));
  return providers[name];
}

/** Pulumi gives a provider process the engine's address as its last argument, and five seconds after SIGINT. */
function openProcess(config: ReadConfig): ProviderProcess {
  const address = process.argv.at(-1);
  const settings = readSettings(process.env, config);
  const proving = scratchProving(settings.hasura.proofEngine);
  const opened = new ProviderProcess(settings, openEngineLog(address), systemClock, proving);
  const end = (patience: Promise<void>) =>
    void Promise.race([opened.interrupt(), patience]).then(() => process.exit(0));
  process.once("SIGINT", () => end(systemClock.wait(4000)));
  // Nobody waits any more: the step under way is finished, however long that takes.
  const forever = new Promise<void>(() => undefined);
  watchEngine(address, () => end(forever));
  return opened;
}
