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
    backfill: { columns, rows },
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

/** Does something once, just before the first statement that looks so. */
export function beforeStatement(
  { emulator }: World,
  pattern: RegExp,
  work: () => Promise<unknown>,
): void {
  const stop = emulator.warehouse.faults.on(({ sql }) => {
    if (!pattern.test(sql)) return { kind: "none" };
    stop();
    return { kind: "run", work: async () => void (await work()) };
  });
}

/** A row changed or inserted at the source, by SQL. */
export const NEW_ORDER =
  "INSERT INTO cadastros.pedidos (id, cliente_id, valor, status, created_at, updated_at, telefone) VALUES (6, 105, 10.00, 'pago', '2025-12-17 17:00:00', '2025-12-17 17:00:00', '11999990006')";
