import fc from "fast-check";
import type { BackfillRequest } from "#src/domain/backfill-plan.js";
import type { JobInputs, LoadType } from "#src/domain/job.js";
import type { Schedule } from "#src/domain/schedule.js";
import { aJob, aRequest } from "./samples.js";

const loadTypes = fc.constantFrom<LoadType[]>(
  "full_load",
  "incremental",
  "incremental_with_qualify",
);

/** Names as a source may hold them: spaces, quotes and other scripts among them. */
export const columnNames = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });

/** Lists of columns, each named once; the walkthrough's cursor and key are always among them. */
const columnLists = fc
  .uniqueArray(columnNames, { maxLength: 6 })
  .map((names) => [...new Set(["id", "updated_at", ...names])]);

/** Seconds since 1970 within four digits of a year. */
export const seconds = fc.integer({ min: 0, max: 4_102_444_799 });

/** A bookmark, and seconds in which rows lie: up to the bookmark's next one, newest first, crowded around it. */
export const occupiedSeconds = fc
  .tuple(seconds, fc.array(fc.integer({ min: -1, max: 40 }), { maxLength: 30 }))
  .map(([bookmark, ages]) => ({
    bookmark,
    occupied: [...new Set(ages.map((age) => bookmark - age))].sort((one, other) => other - one),
  }));

/** Every schedule that Maestro knows. */
export const schedules: fc.Arbitrary<Schedule> = fc.oneof(
  fc.constant<Schedule>({ kind: "manual" }),
  fc.constant<Schedule>({ kind: "once" }),
  fc
    .array(fc.constantFrom("*", "0", "15", "*/5", "1-5", "MON", "1,15", "L", "?"), {
      minLength: 5,
      maxLength: 5,
    })
    .map((fields): Schedule => ({ kind: "cron", expression: fields.join(" ") })),
);

/** Jobs that the schemas accept and nothing refuses. */
export const jobs: fc.Arbitrary<JobInputs> = fc
  .record({
    columns: fc.option(columnLists, { nil: undefined }),
    loadType: loadTypes,
    memoryMb: fc.option(fc.integer({ min: 1, max: 12_000 }), { nil: undefined }),
    triggers: fc.option(fc.array(columnNames, { maxLength: 2 }), { nil: undefined }),
  })
  .map(({ columns, loadType, ...fields }) =>
    aJob({ ...fields, input: { loadType, columnIncludeList: columns } }),
  );

/** Jobs that the schemas must reject: each differs from an accepted one in a single field. */
export const brokenJobs: fc.Arbitrary<unknown> = fc
  .tuple(
    jobs,
    fc.constantFrom<(job: JobInputs) => unknown>(
      (job) => ({ ...job, jobId: "orders" }),
      (job) => ({ ...job, memoryMb: 12_001 }),
      (job) => ({ ...job, memoryMB: 2048 }),
      (job) => ({ ...job, primaryKeys: [] }),
      (job) => ({ ...job, output: { plugin: "dadosfera_bigquery" } }),
      (job) => ({ ...job, input: { ...job.input, loadType: "delta" } }),
      (job) => ({ ...job, input: { ...job.input, tableName: "" } }),
      (job) => ({ ...job, input: { ...job.input, columnIncludeList: [1] } }),
      (job) => ({ ...job, backfill: { columns: [], rows: "all" } }),
      (job) => ({ ...job, backfill: { columns: ["telefone"] } }),
      (job) => ({ ...job, backfill: { columns: ["telefone"], rows: "some" } }),
      (job) => ({ ...job, limits: { deletedPercent: 101 } }),
    ),
  )
  .map(([job, broken]) => broken(job));

const windows = fc.constantFrom<NonNullable<BackfillRequest["window"]>[]>(
  { kind: "all" },
  {
    kind: "after",
    cursor: { column: "updated_at", type: "TIMESTAMP_NTZ" },
    bookmark: "2025-12-17 16:49:00",
  },
);

const columnRequests = fc
  .record({ loadType: loadTypes, window: windows, isRepeated: fc.boolean() })
  .map(({ loadType, window, isRepeated }) =>
    aRequest({
      loadType,
      window: loadType === "full_load" ? { kind: "all" } : window,
      change: { kind: "columns", added: isRepeated ? [] : ["telefone"], filled: ["telefone"] },
    }),
  );

const loadTypeRequests = fc
  .record({ from: loadTypes, to: loadTypes })
  .filter(({ from, to }) => from !== to)
  .map(({ from, to }) =>
    aRequest({
      loadType: to,
      window: from === "full_load" || to === "full_load" ? { kind: "all" } : undefined,
      change: { kind: "load-type", from, to },
    }),
  );

/** Every kind of change that touches rows. */
export const requests: fc.Arbitrary<BackfillRequest> = fc.oneof(columnRequests, loadTypeRequests);
