import type { JobChange } from "#src/domain/changes.js";
import { LEASE_SECONDS } from "#src/warehouse/leases.js";
import type { Ending } from "./play.js";
import { cellOf, cursorOf } from "./world/cursors.js";
import { CURSOR, KEY, pairOf, type Row } from "./world/rows.js";
import type { SourceRow } from "./world/source.js";
import type { ModelWorld } from "./world/world.js";

/** One way in which a story did not end well. */
export interface Breach {
  readonly kind:
    | "schedule"
    | "unfinished"
    | "failed"
    | "lost"
    | "not arrived"
    | "doubled"
    | "never at the source"
    | "not filled";
  readonly text: string;
}

/** Everything that is not as it must be once a story has ended; nothing if all is well. */
export function breaches(ending: Ending): readonly Breach[] {
  const { world } = ending;
  // A lease whose owner is gone ends by itself.
  world.clock.advance(LEASE_SECONDS * 1000 + 1);
  const before = [...scheduleBreaches(ending), ...failureBreaches(ending)];
  world.source.insert(false);
  world.runAndWait();
  const isFull = world.maestro.jobs[0]?.loadType === "full_load";
  return [
    ...before,
    ...world.obligations.owed.flatMap((row) => lossBreaches(row, world)),
    ...world.source.rows.flatMap((row) => arrivalBreaches(row, world, isFull)),
    ...doublingBreaches(world),
    ...world.rows.flatMap((row) => contentBreaches(row, world)),
    ...ending.done.flatMap(({ changes }) =>
      changes.flatMap((one) => fillBreaches(one, world, isFull)),
    ),
  ];
}

function scheduleBreaches({ world, last, outcome }: Ending): readonly Breach[] {
  const { maestro, leases, journal } = world;
  const found: Breach[] = [];
  const add = (kind: Breach["kind"], text: string) => void found.push({ kind, text });
  const lease = leases.row;
  if (leases.find()?.isExpired === false) add("unfinished", `the lease is ${lease?.owner}'s`);
  if (lease?.isHeld === true) add("schedule", `the schedule ${lease.heldCron} is held`);
  if (maestro.cron !== last.cron)
    add("schedule", `the schedule is ${maestro.cron}, not ${last.cron}`);
  for (const { changeId } of journal.unfinished())
    add("unfinished", `change ${changeId} is unfinished`);
  if (outcome.kind === "killed") add("unfinished", "a calm `up` was killed");
  return found;
}

function failureBreaches({ outcome, refusals }: Ending): readonly Breach[] {
  if (outcome.kind !== "failed" || refusals.includes(outcome.code)) return [];
  return [{ kind: "failed", text: outcome.message }];
}

function lossBreaches(owed: Row, world: ModelWorld): readonly Breach[] {
  const pair = pairOf(owed);
  return world.rows.some((row) => pairOf(row) === pair)
    ? []
    : [{ kind: "lost", text: textOf(owed) }];
}

function arrivalBreaches(row: SourceRow, world: ModelWorld, isFull: boolean): readonly Breach[] {
  const cursor = isFull ? row.cursor : world.stored(row.cursor);
  if (world.maestro.skipped.has(`${row.id}@${cursor}`) || (cursor === null && !isFull)) return [];
  const isThere = world.rows.some(
    ({ cells }) => cells[KEY] === row.id && (cells[CURSOR] ?? null) === cursor,
  );
  return isThere ? [] : [{ kind: "not arrived", text: `${row.id}@${cursor}` }];
}

function doublingBreaches({ rows }: ModelWorld): readonly Breach[] {
  const unexcused = rows.filter(({ excuse }) => excuse === undefined).map(pairOf);
  const twice = unexcused.filter((pair, index) => unexcused.indexOf(pair) !== index);
  return twice.map((pair) => ({ kind: "doubled", text: pair }));
}

/** What stands in a row was at the source at one moment, as far as the row's columns were loaded. */
function contentBreaches(row: Row, world: ModelWorld): readonly Breach[] {
  const isFitting = versionsOf(row, world).some(
    ({ valor, telefone, email }) =>
      row.cells["VALOR"] === valor &&
      [null, telefone].includes(numberIn(row, "TELEFONE")) &&
      [null, email].includes(numberIn(row, "EMAIL")),
  );
  return isFitting ? [] : [{ kind: "never at the source", text: textOf(row) }];
}

/** A column that was loaded again stands in every row that the source has in the window. */
function fillBreaches(change: JobChange, world: ModelWorld, isFull: boolean): readonly Breach[] {
  if (change.kind !== "columns" || change.backfill.rows === "none") return [];
  const { rows, columns } = change.backfill;
  const { maestro } = world;
  const cursorColumn = cursorOf(world.nature.cursorKind);
  const after =
    typeof rows === "string" ? Number.NEGATIVE_INFINITY : cellOf(String(rows.after), cursorColumn);
  const loaded = world.source.rows.map((row) => (isFull ? row.cursor : world.stored(row.cursor)));
  return world.source.rows.flatMap(({ id }, index) => {
    const cursor = loaded[index] ?? null;
    if (cursor === null || cursor <= after || maestro.skipped.has(`${id}@${cursor}`)) return [];
    const copies = world.rows.filter(({ cells }) => cells[KEY] === id && cells[CURSOR] === cursor);
    const empty = columns.filter((column) =>
      copies.every((row) => numberIn(row, column.toUpperCase()) === null),
    );
    return empty.map((column) => ({ kind: "not filled", text: `${column} of ${id}@${cursor}` }));
  });
}

function versionsOf({ cells }: Row, { source, clockOffset }: ModelWorld): readonly SourceRow[] {
  const cursor = cells[CURSOR] ?? null;
  const id = Number(cells[KEY]);
  // A full load stores cursors as they are at the source.
  const shifts = cursor === null ? [0] : [0, clockOffset];
  return shifts.flatMap((shift) =>
    source.versionsOf(id, cursor === null ? null : Number(cursor) - shift),
  );
}

function numberIn({ cells }: Row, column: string): number | null {
  const cell = cells[column] ?? null;
  return cell === null ? null : Number(cell);
}

function textOf({ cells }: Row): string {
  return JSON.stringify(cells);
}
