import { rmSync } from "node:fs";
import { join } from "node:path";
import { ordersProgram, replaced, withPhone } from "../support/orders-program.js";
import { type OrdersStack, openOrdersStack, PIPELINE } from "../support/orders-stack.js";
import { ProgramFolder } from "../support/program-folder.js";
import { startEngine } from "./engine-process.js";
import { atPlace, countArrivals, type Place } from "./places.js";
import { CRON, type Standing, settled, standingOf } from "./standing.js";

export type Victim = "provider" | "engine" | "both";

/** What people do after a command was killed, before they look. */
export type Afterwards = "up" | "refresh, up" | "revert, up" | "destroy";

/** One thing to try: who is killed where, and what comes then. */
export interface EngineCase {
  readonly victim: Victim;
  readonly place: Place;
  readonly afterwards: Afterwards;
}

/** After this, a lease has expired, and Snowflake has ended what a dead client left open. */
const LATER_MS = 6 * 60_000;
/** An orphan looks for its engine every two seconds, and goes once it was refused twice. */
const ORPHAN_MS = 30_000;

/** What stands before the change, what an undisturbed one leaves, and how many requests and statements its `up` sends. */
export async function undisturbedUp() {
  await using stack = await openStack();
  const before = await standing(stack);
  const arrivals = countArrivals(stack);
  const engine = startEngine(stack, "up");
  if ((await engine.ended) !== 0) throw new Error(engine.printed());
  arrivals.stop();
  return { before, after: settled(await standing(stack)), count: arrivals.count() };
}

/** Kills whom it is told to in the middle of an `up`, does what comes then, and says what stands. */
export async function killedUp({ victim, place, afterwards }: EngineCase): Promise<Standing> {
  await using stack = await openStack();
  await killIn("up", stack, { victim, place });
  await COMMANDS[afterwards](stack, place);
  return await standing(stack);
}

const COMMANDS: Readonly<
  Record<Afterwards, (stack: OrdersStack, place: Place) => Promise<unknown>>
> = {
  up: (stack) => succeed(stack.up({ skipPreview: true })),
  "refresh, up": async (stack) => {
    await succeed(stack.refresh());
    await succeed(stack.up({ skipPreview: true }));
  },
  "revert, up": async (stack) => {
    stack.folder.edit(() => program());
    await succeed(stack.up({ skipPreview: true }));
  },
  destroy: async (stack, place) => {
    await killIn("destroy", stack, { victim: "both", place: { ...place, at: place.at % 20 } });
    await succeed(stack.destroy({ skipPreview: true }));
  },
};

/** A stack whose job has rows, and whose program wants one more column from now on. */
async function openStack(): Promise<OrdersStack> {
  const stack = await openOrdersStack({
    folder: new ProgramFolder(program()),
    environment: ({ environment }) => ({ ...environment, DADOSFERA_DEADLINE_MS: "2000" }),
  });
  stack.emulator.clock.set(new Date("2025-12-17T18:00:30Z"));
  await succeed(stack.up({ skipPreview: true }));
  await stack.run();
  await stack.changeSource();
  await stack.run();
  stack.folder.edit(withPhone);
  return stack;
}

function program(): string {
  return replaced(ordersProgram(), '"@once"', `"${CRON}"`);
}

/**
 * Runs a command and kills at the place. A provider that is left alone goes on until it sees that its engine is gone;
 * runs that it waits for do not end before that.
 */
async function killIn(
  verb: "up" | "destroy",
  stack: OrdersStack,
  { victim, place }: Pick<EngineCase, "victim" | "place">,
): Promise<void> {
  const { emulator } = stack;
  const engine = startEngine(stack, verb);
  let isStruck = false;
  const strike = () => {
    isStruck = true;
    if (victim === "engine") emulator.runs.hold();
    if (victim !== "provider") engine.killEngine();
    if (victim !== "engine") engine.killProvider();
  };
  const services = atPlace(stack, place, strike, victim === "engine");
  await engine.ended;
  services.stop();
  await engine.providerGone(ORPHAN_MS);
  if (isStruck && victim === "engine") await expectNoOwner(stack, engine.printed());
  emulator.runs.release();
  emulator.clock.advance(LATER_MS);
  // What `pulumi cancel` does for a command that was killed.
  rmSync(join(stack.folder.root, "state", ".pulumi", "locks"), { recursive: true, force: true });
}

async function expectNoOwner({ emulator }: OrdersStack, printed: string): Promise<void> {
  const rows = await emulator.warehouse
    .rows("SELECT OWNER FROM PUBLIC.PULUMI_DADOSFERA_LEASES WHERE OWNER IS NOT NULL")
    .catch(() => []);
  if (rows.length > 0) throw new Error(`an orphan kept its lease: ${printed}`);
}

async function succeed(running: ReturnType<OrdersStack["up"]>): Promise<void> {
  const { exitCode, stdout, stderr } = await running;
  if (exitCode !== 0) throw new Error(`${stdout}\n${stderr}`);
}

async function standing(stack: OrdersStack): Promise<Standing> {
  const answer = await stack.askMaestro("GET", `/platform/pipeline/${PIPELINE}`);
  const { data } = (await answer.json()) as { readonly data?: { readonly cron: string | null } };
  return standingOf(stack.emulator, data?.cron);
}
