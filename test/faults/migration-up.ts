import type { Emulator } from "pulumi-dadosfera/testing";
import { cliStateOf, empty } from "../support/hasura.js";
import {
  keptInState,
  type ProviderUnderTest,
  registered,
  startProviderProcess,
  urnOf,
} from "../support/provider-process.js";
import type { MigrationCase } from "./migration-kinds.js";
import type { Place } from "./places.js";

const RESOURCE = "MigrationHistory";

/** What an update leaves: how often each migration ran, which columns are there, and what Hasura says is applied. */
export interface MigrationStanding {
  readonly runs: readonly unknown[];
  readonly columns: readonly unknown[];
  readonly state: unknown;
}

/** What an undisturbed update leaves, and how many requests it sends. */
export async function undisturbedUpdate(emulator: Emulator, one: MigrationCase) {
  await begin(emulator, one);
  let count = 0;
  const stop = emulator.hasura.faults.on(() => {
    count += 1;
    return undefined;
  });
  await using under = await startProviderProcess(emulator.environment);
  await update(under, one);
  stop();
  return { count, standing: await standingIn(emulator) };
}

/** Kills the provider's process at a place of the update, has another process make it again, and says what stands. */
export async function killedUpdate(
  emulator: Emulator,
  one: MigrationCase,
  { at, isCarriedOut }: Place,
): Promise<MigrationStanding> {
  await begin(emulator, one);
  const under = await startProviderProcess(emulator.environment);
  let arrived = 0;
  const stop = emulator.hasura.faults.on(() => {
    arrived += 1;
    if (arrived !== at + 1) return undefined;
    under.child.kill();
    return { kind: isCarriedOut ? "drop-after" : "drop-before" };
  });
  await update(under, one).catch(() => undefined);
  stop();
  await under.verbs.close();
  if (arrived <= at) throw new Error(`only ${arrived} requests came`);
  await using next = await startProviderProcess(emulator.environment);
  await update(next, one);
  return await standingIn(emulator);
}

async function begin(emulator: Emulator, { prepare }: MigrationCase): Promise<void> {
  await empty(emulator);
  await prepare();
}

/** What the engine asks of a provider once it has checked; of the killed one its state says nothing. */
async function update({ verbs }: ProviderUnderTest, { news, olds }: MigrationCase): Promise<void> {
  const inputs = registered(RESOURCE, news);
  if (olds === undefined) {
    await verbs.create(urnOf(RESOURCE), inputs);
  } else {
    await verbs.update(keptInState(RESOURCE, "default", registered(RESOURCE, olds)), inputs);
  }
}

async function standingIn(emulator: Emulator): Promise<MigrationStanding> {
  const { hasura } = emulator;
  return {
    runs: await hasura.query("SELECT migration, count(*) AS n FROM runs GROUP BY 1 ORDER BY 1"),
    columns: await hasura.query(
      "SELECT attname FROM pg_attribute WHERE attrelid = 'runs'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname",
    ),
    state: await cliStateOf(emulator),
  };
}
