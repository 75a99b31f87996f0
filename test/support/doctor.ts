import assert from "node:assert/strict";
import type { Diagnosis, Finding } from "#src/domain/finding.js";
import { planHealing, type Remedy } from "#src/domain/healing.js";
import { pipelineId } from "#src/domain/job-id.js";
import type { Context } from "#src/lifecycle/context.js";
import { examine } from "#src/lifecycle/doctor/examine.js";
import { heal } from "#src/lifecycle/doctor/heal.js";
import { type ChangeWorld, liveCron } from "./change-world.js";
import { dadosfera, type Ended } from "./command.js";
import { PIPELINE, type World, withTelefone } from "./world.js";

/** A doctor who comes to a world, as a process of its own. */
export interface Doctor {
  readonly context: Context;
  look(pipeline?: string): Promise<Diagnosis>;
  /** What was found, by its kinds. */
  kinds(): Promise<readonly Finding["kind"][]>;
  /** Looks, and carries out what heals; answers what was carried out. */
  heal(prefers?: "finish" | "undo"): Promise<readonly Remedy[]>;
  carryOut(remedies: readonly Remedy[]): Promise<void>;
}

export function doctorOf(world: World): Doctor {
  const context = world.another().process.contextOf("");
  const doctor: Doctor = {
    context,
    look: (pipeline) =>
      examine(context, pipeline === undefined ? undefined : pipelineId.parse(pipeline)),
    kinds: async () => (await doctor.look()).findings.map(({ kind }) => kind),
    async heal(prefers = "finish") {
      const remedies = planHealing(await doctor.look(), prefers);
      await doctor.carryOut(remedies);
      return remedies;
    },
    async carryOut(remedies) {
      for (const remedy of remedies) await heal(remedy, context);
    },
  };
  return doctor;
}

/** A change whose run does not end in time: it is unfinished, and its run has ended when this comes back. */
export async function leaveUnfinished(world: ChangeWorld, changes = {}): Promise<void> {
  world.emulator.runs.hold();
  const news = withTelefone(undefined, { timeouts: { run: 60 }, ...changes });
  await assert.rejects(world.update("Job", world.job, news), { message: /Stopped waiting/ });
  world.emulator.runs.release();
  await world.emulator.runs.idle();
}

/** Everything that a change leaves which the next run of the pipeline, or a person, would see. */
export async function endingOf(world: World) {
  const leases = "SELECT OWNER, IS_HELD FROM PUBLIC.PULUMI_DADOSFERA_LEASES";
  return {
    rows: (await world.rows()).map((row) => JSON.stringify(row)).sort(),
    cron: await liveCron(world),
    bookmark: world.emulator.bookmark(`${PIPELINE}-0`),
    lease: (await world.emulator.warehouse.rows(leases).catch(() => []))[0],
  };
}

/** The only finding of a kind. */
export function only<K extends Finding["kind"]>(
  { findings }: Diagnosis,
  kind: K,
): Extract<Finding, { kind: K }> {
  const [found, ...more] = findings.filter(
    (each): each is Extract<Finding, { kind: K }> => each.kind === kind,
  );
  assert.ok(found, `no ${kind}`);
  assert.deepEqual(more, []);
  return found;
}

/** Carries out a statement as somebody who may do everything. */
export async function asSomebody({ emulator }: World, sql: string): Promise<void> {
  await emulator.warehouse.rows(sql);
}

export const ANA = "ana@notebook process 7";

/** Ana owns the pipeline's lease, for so many seconds from now. */
export async function ownLease(world: World, seconds: number): Promise<void> {
  const doors = world.process.contextOf("").doors.warehouse;
  await doors?.journal.prepare();
  await doors?.leases.take(PIPELINE, ANA, []);
  await asSomebody(
    world,
    `UPDATE PUBLIC.PULUMI_DADOSFERA_LEASES SET OWNER = '${ANA}', EXPIRES_AT = DATEADD(second, ${seconds}, CURRENT_TIMESTAMP())`,
  );
}

/** Somebody drops the back-up of the unfinished change. */
export async function loseBackUp(world: World): Promise<void> {
  const [backUp] = await world.emulator.warehouse.rows(
    "SELECT TABLE_NAME FROM DADOSFERA.INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME LIKE '%__BK_%'",
  );
  await asSomebody(world, `DROP TABLE PUBLIC.${backUp?.["TABLE_NAME"]}`);
}

/** `dadosfera doctor` in a shell whose variables name this world. */
export function runDoctor({ emulator }: World, ...flags: readonly string[]): Promise<Ended> {
  const variables = { DADOSFERA_POLL_INTERVAL_MS: "5", ...emulator.environment };
  return dadosfera(["doctor", ...flags], variables);
}
