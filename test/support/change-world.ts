import { setImmediate } from "node:timers/promises";
import type { Emulator, EmulatorOptions } from "pulumi-dadosfera/testing";
import type { Clock } from "#src/maestro/clock.js";
import { aJob, aPipeline, created, type Props, startWorld, type World } from "./world.js";

/** A world in which a column change can be tried, and its job as the state holds it. */
export interface ChangeWorld extends World {
  readonly job: Props;
}

/** What differs from the walkthrough's world: the pipeline's and the job's own arguments, and settings. */
export interface ChangeWorldOptions extends EmulatorOptions {
  readonly pipeline?: Props;
  readonly job?: Props & { readonly input?: Props };
  readonly settings?: Readonly<Record<string, string>>;
  /** SQL for the source, before the column is added and its rows change. */
  readonly prepare?: string;
}

/** The rows of `cadastros.pedidos` after the walkthrough's change at the source. */
export const FILL =
  "UPDATE cadastros.pedidos SET telefone = '1199999000' || id, updated_at = TIMESTAMP '2025-12-17 16:50:00' + INTERVAL (id) SECOND";

/**
 * The walkthrough's world before its column change: ten rows, five of them beyond 16:49. The provider and the emulator
 * share one time, which jumps whenever the provider waits, so no test does.
 */
export async function startChangeWorld({
  pipeline = {},
  job = {},
  settings = {},
  prepare = "SELECT 1",
  ...options
}: ChangeWorldOptions = {}): Promise<ChangeWorld> {
  const world = await startWorld(
    options,
    { DADOSFERA_POLL_INTERVAL_MS: "", ...settings },
    sharedClock,
  );
  const { source, clock } = world.emulator;
  clock.set(new Date("2025-12-17T18:00:30Z"));
  await source.run(prepare);
  await world.create("Pipeline", aPipeline({ jobs: [created(aJob(job))], ...pipeline }));
  if (pipeline["cron"] !== undefined) await world.run();
  const { outs } = await world.create("Job", aJob(job));
  await source.run("ALTER TABLE cadastros.pedidos ADD COLUMN telefone VARCHAR(20)");
  await source.run(FILL);
  await world.run();
  return Object.assign(world, { job: outs as Props });
}

/** The emulator's clock, turned by whoever waits. */
function sharedClock({ clock }: Emulator): Clock {
  return {
    now: () => clock.now(),
    async wait(ms, signal) {
      signal?.throwIfAborted();
      clock.advance(ms);
      await setImmediate();
      signal?.throwIfAborted();
    },
  };
}
