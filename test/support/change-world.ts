import { setImmediate } from "node:timers/promises";
import type { Emulator, EmulatorOptions } from "pulumi-dadosfera/testing";
import { pipelineId } from "#src/domain/job-id.js";
import type { Clock } from "#src/maestro/clock.js";
import type { RealSource } from "./real-source.js";
import { aJob, aPipeline, created, PIPELINE, type Props, startWorld, type World } from "./world.js";

/** A world in which a column change can be tried, and its job as the state holds it. */
export interface ChangeWorld extends World {
  readonly job: Props;
  /** How far the provider's time of day is off, in milliseconds: a test may set it at any moment. */
  readonly skew: { ms: number };
  /** The provider's clock: whoever waits on it turns the emulator's. */
  readonly clock: Clock;
}

/** What differs from the walkthrough's world: the pipeline's and the job's own arguments, and settings. */
export interface ChangeWorldOptions extends EmulatorOptions {
  readonly pipeline?: Props;
  readonly job?: Props & { readonly input?: Props };
  readonly settings?: Readonly<Record<string, string>>;
  /** SQL for the source, before the column is added and its rows change. */
  readonly prepare?: string | readonly string[];
  /** Holds the orders in place of the emulator's own source. */
  readonly server?: RealSource;
}

/** The walkthrough's change, for the emulator's own source. */
const OWN_ORDERS = {
  newColumn: "ALTER TABLE cadastros.pedidos ADD COLUMN telefone VARCHAR(20)",
  fill: "UPDATE cadastros.pedidos SET telefone = '1199999000' || id, updated_at = TIMESTAMP '2025-12-17 16:50:00' + INTERVAL (id) SECOND",
};

/**
 * The walkthrough's world before its column change: ten rows, five of them beyond 16:49. The provider and the emulator
 * share one time, which jumps whenever the provider waits, so no test does.
 */
export async function startChangeWorld({
  pipeline = {},
  job = {},
  settings = {},
  prepare = [],
  server,
  ...options
}: ChangeWorldOptions = {}): Promise<ChangeWorld> {
  const skew = { ms: 0 };
  const environment = { DADOSFERA_POLL_INTERVAL_MS: "", ...settings };
  let shared: Clock | undefined;
  await server?.run(...server.orders.seed);
  const emulation = { ...(server !== undefined && { source: server.url }), ...options };
  const world = await startWorld(emulation, environment, (emulator) => {
    shared ??= sharedClock(emulator, skew);
    return shared;
  });
  const { source, clock } = world.emulator;
  clock.set(new Date("2025-12-17T18:00:30Z"));
  const change = async (...statements: readonly string[]) => {
    if (server !== undefined) await server.run(...statements);
    else for (const sql of statements) await source.run(sql);
  };
  await change(...[prepare].flat());
  await world.create("Pipeline", aPipeline({ jobs: [created(aJob(job))], ...pipeline }));
  if (pipeline["cron"] !== undefined) await world.run();
  const { outs } = await world.create("Job", aJob(job));
  const { newColumn, fill } = server?.orders ?? OWN_ORDERS;
  await change(newColumn, fill);
  await world.run();
  return Object.assign(world, { job: outs as Props, skew, clock: shared as Clock });
}

/** The emulator's clock, turned by whoever waits. */
export function sharedClock({ clock, runs }: Emulator, skew = { ms: 0 }): Clock {
  let waitedMs = 0;
  return {
    now: () => clock.now() + skew.ms,
    elapsed: () => performance.now() + waitedMs,
    async wait(ms, signal) {
      signal?.throwIfAborted();
      waitedMs += ms;
      clock.advance(ms);
      await setImmediate();
      await runs.extracted();
      signal?.throwIfAborted();
    },
  };
}

/** The bookmark of the walkthrough: five rows lie beyond it, none carries it. */
export const BOOKMARK = "2025-12-17 16:49:00";

/** A job that lists further columns, with a backfill for them. */
export function adding(
  columns: readonly string[],
  rows: unknown,
  { input, ...changes }: Props & { readonly input?: Props } = {},
): Props {
  const job = aJob();
  const before = job["input"] as Props;
  return {
    ...job,
    backfill: { columns, rows, strategy: "delete-first" },
    ...changes,
    input: {
      ...before,
      columnIncludeList: [...(before["columnIncludeList"] as string[]), ...columns],
      ...input,
    },
  };
}

/** The outputs' summary of the last change. */
export function lastChange(outputs: Props): Props {
  return outputs["lastChange"] as Props;
}

/** Rows without one column, for a comparison with what was there before that column. */
export function without(column: string, rows: readonly Props[]): Props[] {
  return rows.map(({ [column]: _left, ...rest }) => rest);
}

/** The steps that the journal holds, in order. */
export async function journalSteps({ emulator }: World): Promise<string[]> {
  const rows = await emulator.warehouse.rows(
    "SELECT STEP FROM PUBLIC.PULUMI_DADOSFERA_CHANGES ORDER BY AT, POSITION",
  );
  return rows.map((row) => String(row["STEP"]));
}

/** Requests that change something at Maestro, as `METHOD path-end`. */
export function effects({ emulator }: World): string[] {
  return emulator.requests
    .filter(({ method, path }) => method !== "GET" && !path.includes("/auth/"))
    .map(({ method, path }) => `${method} ${path.split("/").at(-1)}`);
}

/** Does something once, just before the first statement that looks so after the back-up: what comes earlier is only compiled. */
export function beforeStatement(world: World, pattern: RegExp, work: () => Promise<unknown>): void {
  once(world, pattern, { kind: "run", work: async () => void (await work()) });
}

/** The first statement that looks so after the back-up meets this fault, once. */
export function once({ emulator }: World, pattern: RegExp, action: WarehouseFault): void {
  let isArmed = false;
  const stop = emulator.warehouse.faults.on(({ sql }) => {
    if (/__BK_(?!PREFLIGHT).* CLONE /.test(sql)) isArmed = true;
    if (!isArmed || !pattern.test(sql)) return { kind: "none" };
    stop();
    return action;
  });
}

/** The nth COMMIT, counted from 1, fails for good; it was carried out or not. The driver's other attempts are refused. */
export function failCommit({ emulator }: World, nth: number, isCarriedOut: boolean): void {
  const commits: string[] = [];
  emulator.warehouse.faults.on(({ sql, requestId }) => {
    if (!sql.startsWith("COMMIT")) return { kind: "none" };
    const isFirst = !commits.includes(requestId);
    if (isFirst) commits.push(requestId);
    if (commits.indexOf(requestId) !== nth - 1) return { kind: "none" };
    return isFirst && isCarriedOut ? { kind: "drop-after" } : { kind: "status", status: 400 };
  });
}

export type WarehouseFault = Exclude<
  ReturnType<Parameters<Emulator["warehouse"]["faults"]["on"]>[0]>,
  undefined
>;

/** A statement of somebody who may do everything at the warehouse. */
export function administer({ emulator }: World, sql: string): Promise<unknown> {
  return emulator.warehouse.rows(sql);
}

/** Does something once, when the run that is asked for next has ended and before the provider hears of it. */
export function afterTheRun({ emulator }: World, work: () => Promise<unknown>): void {
  const whenOver = async () => {
    await emulator.runs.idle();
    await work();
  };
  emulator.faults.once("POST", "execute", {
    kind: "run",
    when: "after",
    work: () => emulator.faults.once("GET", "pipeline_run", { kind: "run", work: whenOver }),
  });
}

/** A row changed or inserted at the source, by SQL. */
export const NEW_ORDER =
  "INSERT INTO cadastros.pedidos (id, cliente_id, valor, status, created_at, updated_at, telefone) VALUES (6, 105, 10.00, 'pago', '2025-12-17 17:00:00', '2025-12-17 17:00:00', '11999990006')";

/** Something new at the source, later than everything in it, which the next run has to bring once. */
const LATER =
  "INSERT INTO cadastros.pedidos (id, cliente_id, valor, status, created_at, updated_at) VALUES (7, 107, 7.00, 'pago', '2025-12-17 19:30:00', '2025-12-17 19:30:00')";

/** Inserts an order at the source, runs the pipeline as usual, and answers key and cursor of every row. */
export async function runLater(world: World): Promise<string[]> {
  await world.emulator.source.run(LATER);
  await world.run();
  return pairs(await world.rows());
}

/** Key and cursor of each row. */
export function pairs(rows: readonly Props[]): string[] {
  return rows.map((row) => `${row["ID"]} ${String(row["UPDATED_AT"]).slice(0, 19)}`);
}

/** What `runLater` brings. */
export const LATER_PAIR = "7 2025-12-17 19:30:00";

/** What the table holds before and after a change that went well. */
export const PAIRS = [1, 2, 3, 4, 5].flatMap((id) => [
  `${id} 2025-12-17 14:0${id}:00`,
  `${id} 2025-12-17 16:50:0${id}`,
]);

/** The cron that Maestro has. */
export async function liveCron({ process }: World): Promise<string | null | undefined> {
  const { maestro } = process.contextOf("").doors;
  return (await maestro.findPipeline(pipelineId.parse(PIPELINE)))?.cron;
}

/** A change is some hundred requests; the driver waits a second or more before it sends a statement again. */
export const PATIENCE_MS = 20_000;
