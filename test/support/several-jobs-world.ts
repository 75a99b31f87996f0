import type { Emulator, EmulatorOptions } from "pulumi-dadosfera/testing";
import type { Clock } from "#src/maestro/clock.js";
import { BOOKMARK, sharedClock, type WarehouseFault } from "./change-world.js";
import { aJob, aPipeline, created, PIPELINE, type Props, startWorld, type World } from "./world.js";

/** A table of the source, and the input of its job where it differs from an incremental one. */
type Tables = Readonly<Record<string, Props>>;

/** A pipeline of several jobs, each with a table of its own, before a column of each is to be loaded. */
export interface SeveralJobsWorld extends World {
  /** The jobs as the state holds them, by table. */
  readonly jobs: Readonly<Record<string, Props>>;
  /** What reached Maestro and Snowflake that a job's rows depend on, in order: `DELETE itens`, `reset itens`, `execute`. */
  readonly timeline: readonly string[];
  /** Ends when the first member waits at the barrier for others to come. */
  readonly gathering: Promise<void>;
}

export interface SeveralJobsOptions extends EmulatorOptions {
  readonly cron?: string;
  readonly tables?: Tables;
}

export const CRON = "0 3 1 1 *";
export const FULL: Props = {
  loadType: "full_load",
  incrementalColumnName: undefined,
  incrementalColumnType: undefined,
};
export const QUALIFY: Props = { loadType: "incremental_with_qualify" };

/** Three rows in each table, each of which was changed once beyond the bookmark; `peso` is new at the source. */
export async function startSeveralJobs({
  cron = CRON,
  tables = { itens: {}, lojas: {} },
  ...options
}: SeveralJobsOptions = {}): Promise<SeveralJobsWorld> {
  let gather: () => void = () => undefined;
  const gathering = new Promise<void>((resolve) => {
    gather = resolve;
  });
  const settings = { DADOSFERA_POLL_INTERVAL_MS: "3000" };
  const world = await startWorld(options, settings, (emulator) => watched(emulator, gather));
  const names = Object.keys(tables);
  const jobs = names.map((table, index) => jobOf(table, index, tables[table]));
  const { source, clock } = world.emulator;
  clock.set(new Date("2025-12-17T18:00:30Z"));
  for (const table of names) await source.run(CREATED.replaceAll("TABLE_NAME", table));
  await world.create("Pipeline", aPipeline({ cron, jobs: jobs.map(created) }));
  await world.run();
  const states = await Promise.all(jobs.map((job) => world.create("Job", job)));
  for (const table of names) await source.run(CHANGED.replaceAll("TABLE_NAME", table));
  await world.run();
  return Object.assign(world, {
    jobs: Object.fromEntries(names.map((table, index) => [table, states[index]?.outs as Props])),
    timeline: keepTimeline(world, names),
    gathering,
  });
}

/** The emulator's clock, which tells when somebody waits for two seconds: nobody but the first at the barrier does. */
function watched(emulator: Emulator, gather: () => void): Clock {
  const clock = sharedClock(emulator);
  return {
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    wait(ms, signal) {
      if (ms === 2000) gather();
      return clock.wait(ms, signal);
    },
  };
}

function jobOf(tableName: string, index: number, input: Props = {}): Props {
  return aJob({
    jobId: `${PIPELINE}-${index}`,
    input: { tableName, columnIncludeList: ["id", "valor", "updated_at"], ...input },
    __dadosfera: { urn: `urn:pulumi:dev::test::pulumi-nodejs:dynamic/dadosfera:Job::${tableName}` },
  });
}

const CREATED = `CREATE TABLE cadastros.TABLE_NAME (id INTEGER PRIMARY KEY, valor INTEGER, updated_at TIMESTAMP NOT NULL);
  INSERT INTO cadastros.TABLE_NAME VALUES (1, 10, '2025-12-17 14:01:00'), (2, 20, '2025-12-17 14:02:00'), (3, 30, '2025-12-17 14:03:00')`;
const CHANGED = `ALTER TABLE cadastros.TABLE_NAME ADD COLUMN peso INTEGER;
  UPDATE cadastros.TABLE_NAME SET peso = id * 7, updated_at = TIMESTAMP '2025-12-17 16:50:00' + INTERVAL (id) SECOND`;

/** The job with `peso`, and a backfill for it: with a DELETE before the run, unless a test says otherwise. */
function withPeso(job: Props | undefined, changes: Props = {}): Props {
  const input = job?.["input"] as Props;
  const rows = input["loadType"] === "full_load" ? "all" : { after: BOOKMARK };
  return {
    ...job,
    input: { ...input, columnIncludeList: ["id", "valor", "updated_at", "peso"] },
    backfill: { columns: ["peso"], rows, ...(rows !== "all" && { strategy: "delete-first" }) },
    ...changes,
  };
}

/** The update of one table's job, as the program asks for it. */
export function add(world: SeveralJobsWorld, table: string, changes?: Props): Promise<Props> {
  return addBy(world, world, table, changes);
}

/** The same update by another process. */
export function addBy(
  up: Pick<World, "update">,
  { jobs }: SeveralJobsWorld,
  table: string,
  changes?: Props,
): Promise<Props> {
  return up.update("Job", jobs[table] ?? {}, withPeso(jobs[table], changes));
}

export function tableOf(table: string): string {
  return `TB__XQFU8G__CADASTROS__${table.toUpperCase()}`;
}

/** Each row of a table as `id cursor peso`, the cursor without its date. */
export async function standing(world: World, table: string): Promise<string[]> {
  const rows = await world.rows(`PUBLIC.${tableOf(table)}`);
  return rows.map(
    (row) => `${row["ID"]} ${String(row["UPDATED_AT"]).slice(11, 19)} ${row["PESO"] ?? null}`,
  );
}

/** What stands in an incremental table before a change of it, and after it. A column that is not there is null as well. */
export const BEFORE = [1, 2, 3].flatMap((id) => [
  `${id} 14:0${id}:00 null`,
  `${id} 16:50:0${id} null`,
]);
export const AFTER = [1, 2, 3].flatMap((id) => [
  `${id} 14:0${id}:00 null`,
  `${id} 16:50:0${id} ${id * 7}`,
]);

/** How often a request of this method, to a path that ends so, has reached Maestro. */
export function countOf({ emulator }: World, method: string, end: string): number {
  return emulator.requests.filter(
    (request) => request.method === method && request.path.endsWith(end),
  ).length;
}

/** The steps of the latest change of a job, as its journal says. */
export async function stepsOf(
  { emulator, jobs }: SeveralJobsWorld,
  table: string,
): Promise<string[]> {
  const rows = await emulator.warehouse.rows(
    `SELECT STEP FROM PUBLIC.PULUMI_DADOSFERA_CHANGES WHERE JOB_ID = '${jobs[table]?.["jobId"]}' ORDER BY AT, POSITION`,
  );
  return rows.map((row) => String(row["STEP"]));
}

/** The first statement about a table that looks so after the table's back-up meets this fault, once. */
export function onceFor(
  { emulator }: World,
  table: string,
  pattern: RegExp,
  action: WarehouseFault,
): void {
  let isBackedUp = false;
  const stop = emulator.warehouse.faults.on(({ sql }) => {
    if (!sql.includes(`"${tableOf(table)}`)) return { kind: "none" };
    isBackedUp ||= /__BK_(?!PREFLIGHT).* CLONE /.test(sql);
    if (!isBackedUp || !pattern.test(sql)) return { kind: "none" };
    stop();
    return action;
  });
}

function keepTimeline({ emulator }: World, names: readonly string[]): readonly string[] {
  const timeline: string[] = [];
  emulator.faults.on(({ method, path }) => {
    const [, index] = /-(\d+)\/reset-state$/.exec(path) ?? [];
    if (index !== undefined) timeline.push(`reset ${names[Number(index)]}`);
    if (method === "POST" && path.endsWith("/execute")) timeline.push("execute");
    return undefined;
  });
  const backedUp = new Set<string>();
  emulator.warehouse.faults.on(({ sql, attempt }) => {
    const table = names.find((name) => sql.includes(`"${tableOf(name)}"`)) ?? "";
    // A DELETE before the back-up is only compiled.
    if (/__BK_(?!PREFLIGHT).* CLONE /.test(sql)) backedUp.add(table);
    const isDelete = attempt === 0 && sql.startsWith("DELETE") && backedUp.has(table);
    if (isDelete) timeline.push(`DELETE ${table}`);
    return { kind: "none" };
  });
  return timeline;
}
