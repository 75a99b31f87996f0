import { type ChangeWorld, liveCron } from "../support/change-world.js";
import {
  keptInState,
  type ProviderUnderTest,
  registered,
  startProviderProcess,
  urnOf,
} from "../support/provider-process.js";
import { aJob, JOB } from "../support/world.js";
import { type Kind, worldBefore } from "./kinds.js";
import { atPlace, countArrivals, type Place } from "./places.js";
import { type Standing, settled, standingOf } from "./standing.js";

/** After this, a lease has expired, and Snowflake has ended what a dead client left open. */
const LATER_MS = 6 * 60_000;
/** How long a request to Maestro may take. */
const DEADLINE_MS = "2000";
/** Each statement takes so long more: with some seventy of them, a change outlasts the five seconds that Pulumi gives. */
const SLOW_MS = 100;
const MOST_MS = 5000;

/** What an undisturbed change leaves, and how many requests and statements it takes. */
export async function undisturbed(kind: Kind): Promise<{ count: number; standing: Standing }> {
  await using world = await worldBefore(kind);
  const arrivals = countArrivals(world);
  await using under = await startProvider(world);
  await update(under, world, kind);
  arrivals.stop();
  return {
    count: arrivals.count(),
    standing: settled(await standingOf(world.emulator, await liveCron(world))),
  };
}

/**
 * Kills the provider's process at a place of the change, has another provider make the change again, and says what stands.
 * The other one lives in this process, whose time jumps where it waits: nobody kills it.
 */
export async function killedAt(kind: Kind, place: Place): Promise<Standing> {
  await using world = await worldBefore(kind);
  const under = await startProvider(world);
  const services = atPlace(world, place, () => under.child.kill());
  await update(under, world, kind).catch(() => undefined);
  services.stop();
  await under.verbs.close();
  world.emulator.clock.advance(LATER_MS);
  await world.another().update("Job", world.job, kind.news);
  return await standingOf(world.emulator, await liveCron(world));
}

/** What a provider does that is told to end in the middle of a change, and what stands after the next up. */
export interface Interrupted {
  readonly endedAfterMs: number;
  /** As the interrupted process left it. */
  readonly left: Standing;
  readonly standing: Standing;
}

/** Sends SIGINT to the provider's process at a place of a change that a slow Snowflake makes last longer than a process may. */
export async function interruptedAt(kind: Kind, at: number): Promise<Interrupted> {
  await using world = await worldBefore(kind);
  const under = await startProvider(world);
  const { warehouse } = world.emulator;
  let ended = Promise.resolve(0);
  const services = atPlace(
    world,
    { at, isCarriedOut: false },
    () => {
      const startedAt = performance.now();
      ended = under.child.stop("SIGINT", MOST_MS).then(() => performance.now() - startedAt);
    },
    true,
  );
  const quicken = warehouse.faults.on(() => ({ kind: "delay", ms: SLOW_MS }));
  await update(under, world, kind).catch(() => undefined);
  const endedAfterMs = await ended;
  services.stop();
  quicken();
  await under.verbs.close();
  const left = await standingOf(world.emulator, await liveCron(world));
  await using next = await startProvider(world);
  await update(next, world, kind);
  return {
    endedAfterMs,
    left,
    standing: await standingOf(world.emulator, await liveCron(world)),
  };
}

function startProvider({ emulator }: ChangeWorld): Promise<ProviderUnderTest> {
  return startProviderProcess({ ...emulator.environment, DADOSFERA_DEADLINE_MS: DEADLINE_MS });
}

/** What the engine asks of a provider for a job that has changed. */
async function update({ verbs }: ProviderUnderTest, { job }: ChangeWorld, kind: Kind) {
  const olds = registered("Job", aJob(kind.job));
  const news = registered("Job", kind.news);
  const { inputs } = await verbs.check(urnOf("Job"), olds, news);
  const state = keptInState("Job", JOB, registered("Job", job));
  const { changes } = await verbs.diff(state, inputs);
  if (changes === true) await verbs.update(state, inputs);
}
