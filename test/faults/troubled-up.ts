import { type ChangeWorld, liveCron } from "../support/change-world.js";
import { type Kind, worldBefore } from "./kinds.js";
import {
  type Damage,
  damageOf,
  isDamaged,
  type Standing,
  settled,
  standingOf,
  withoutColumn,
} from "./standing.js";
import { meetAt, type Trouble } from "./troubles.js";

/** After this, a lease of a process that could not give it back has expired. */
const LATER_MS = 6 * 60_000;
const NOWHERE = -1;

/** How a kind of change goes if nothing is wrong. */
export interface Undisturbed {
  readonly before: Standing;
  readonly after: Standing;
  /** Requests or statements that can meet the trouble. */
  readonly count: number;
}

export async function untroubled(kind: Kind, trouble: Trouble): Promise<Undisturbed> {
  await using world = await worldBefore(kind);
  const before = await standing(world);
  const arrivals = meetAt(world, trouble, NOWHERE);
  await world.update("Job", world.job, kind.news);
  arrivals.stop();
  return { before, after: settled(await standing(world)), count: arrivals.count() };
}

/**
 * Makes the change with the trouble at one place, and then, if it failed, once more without: what stands is to be what
 * an undisturbed change leaves, and what the failure said of the meantime is to be true.
 */
export async function troubledAt(
  kind: Kind,
  trouble: Trouble,
  { at, undisturbed }: { readonly at: number; readonly undisturbed: Undisturbed },
): Promise<Damage> {
  await using world = await worldBefore(kind);
  const arrivals = meetAt(world, trouble, at);
  const said = await failureOf(world.update("Job", world.job, kind.news));
  arrivals.stop();
  if (said === undefined) return damageOf(await standing(world), undisturbed.after);
  return await damageAfter(said, world, { kind, undisturbed });
}

/** Makes the change while the source lacks the column, and once more when it has it. */
export async function lackingColumn(kind: Kind, undisturbed: Undisturbed): Promise<Damage> {
  await using world = await worldBefore(kind);
  const { source } = world.emulator;
  await source.run("ALTER TABLE cadastros.pedidos DROP COLUMN telefone");
  const said = await failureOf(world.update("Job", world.job, kind.news));
  await source.run(`
    ALTER TABLE cadastros.pedidos ADD COLUMN telefone VARCHAR(20);
    UPDATE cadastros.pedidos SET telefone = '1199999000' || id;
  `);
  return await damageAfter(said ?? "nothing", world, { kind, undisturbed });
}

function failureOf(update: Promise<unknown>): Promise<string | undefined> {
  return update.then(
    () => undefined,
    (error: Error) => error.message,
  );
}

async function damageAfter(
  said: string,
  world: ChangeWorld,
  { kind, undisturbed }: { readonly kind: Kind; readonly undisturbed: Undisturbed },
): Promise<Damage> {
  const untrue = untruths(said, await standing(world), undisturbed.before);
  world.emulator.clock.advance(LATER_MS);
  await world.another().update("Job", world.job, kind.news);
  const damage = damageOf(await standing(world), undisturbed.after);
  return { ...damage, other: [...damage.other, ...untrue] };
}

async function standing(world: ChangeWorld): Promise<Standing> {
  return standingOf(world.emulator, await liveCron(world));
}

/**
 * What a failure said, where that is not so: unless it says that the change is unfinished, all is as it was. A lease that
 * could not be given back says nothing: it expires.
 */
function untruths(said: string, left: Standing, before: Standing): readonly string[] {
  if (/The change is unfinished/.test(said))
    return left.unfinished === 1 ? [] : [`not unfinished, but: ${said}`];
  const damage = damageOf(withoutColumn(left), { ...before, owned: left.owned });
  return isDamaged(damage) ? [`not as before (${JSON.stringify(damage)}), but: ${said}`] : [];
}
