import type { TurnableClock } from "../clock.js";
import type { Pipeline, Store } from "./store.js";

const MINUTE_MS = 60_000;

/** Lowest and highest value of each of the five fields: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday). */
const FIELDS: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
];

/** True for five fields of numbers, `*`, ranges, steps and lists; names of days and months are refused. */
export function isCron(expression: string): boolean {
  return parseCron(expression) !== undefined;
}

/** True if a five-field cron fires in the minute of this moment. In UTC: Maestro's own time zone is unknown. */
export function firesAt(expression: string, moment: number): boolean {
  const [minutes, hours, days, months, weekdays] = parseCron(expression) ?? [];
  const date = new Date(moment);
  const has = (values: ReadonlySet<number> | undefined, value: number) =>
    values?.has(value) === true;
  const isDay = has(days, date.getUTCDate());
  const isWeekday = has(weekdays, date.getUTCDay());
  const [, , dayField = "*", , weekdayField = "*"] = expression.trim().split(/\s+/);
  // As in cron itself: if both kinds of day are restricted, either will do.
  const isEither = !dayField.startsWith("*") && !weekdayField.startsWith("*");
  return (
    has(minutes, date.getUTCMinutes()) &&
    has(hours, date.getUTCHours()) &&
    has(months, date.getUTCMonth() + 1) &&
    (isEither ? isDay || isWeekday : isDay && isWeekday)
  );
}

/** Looks at each minute that passes, or is passed over, and fires the pipelines whose cron is due. */
export function startSchedule(
  clock: TurnableClock,
  store: Store,
  fire: (pipelineId: string) => void,
): void {
  let cancel: () => void = () => undefined;
  const waitFor = (minute: number) => {
    cancel = clock.alarm(minute, () => visit(minute));
  };
  const visit = (minute: number) => {
    if (clock.isStopped) return;
    for (const pipeline of store.pipelines) if (isDue(pipeline, minute)) fire(pipeline.id);
    waitFor(minute + MINUTE_MS);
  };
  const begin = () => {
    cancel();
    waitFor(Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS + MINUTE_MS);
  };
  clock.onTurnedBack(begin);
  begin();
}

function isDue(pipeline: Pipeline, minute: number): boolean {
  const { cronBefore, cron } = pipeline;
  const obeyed = cronBefore !== undefined && minute < cronBefore.until ? cronBefore.cron : cron;
  return !pipeline.isPaused && obeyed !== null && firesAt(obeyed, minute);
}

function parseCron(expression: string): readonly ReadonlySet<number>[] | undefined {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) return undefined;
  const parsed = FIELDS.map((bounds, index) => parseField(fields[index] ?? "", bounds));
  return parsed.includes(undefined) ? undefined : (parsed as ReadonlySet<number>[]);
}

function parseField(
  field: string,
  bounds: readonly [number, number],
): ReadonlySet<number> | undefined {
  const parts = field.split(",").map((part) => parsePart(part, bounds));
  if (parts.includes(undefined)) return undefined;
  // Sunday is both 0 and 7; no other field goes from 0 to 7.
  const isWeekday = bounds[1] === 7;
  return new Set(parts.flatMap((part) => part ?? []).map((day) => (isWeekday ? day % 7 : day)));
}

/** One element of a list: a star, a number or a range, each perhaps with a step; `5/10` means from 5 to the end. */
function parsePart(
  part: string,
  [lowest, highest]: readonly [number, number],
): readonly number[] | undefined {
  const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/([1-9]\d*))?$/.exec(part);
  if (match === null) return undefined;
  const [, first, last, step] = match;
  const isOpen = first === undefined || (last === undefined && step !== undefined);
  const from = Number(first ?? lowest);
  const to = isOpen ? highest : Number(last ?? first);
  if (from < lowest || to > highest || from > to) return undefined;
  const count = Math.floor((to - from) / Number(step ?? 1)) + 1;
  return Array.from({ length: count }, (_, index) => from + index * Number(step ?? 1));
}
