import type { StagedColumn } from "./source-server.js";

/**
 * Throws, naming the column, for a value that the destination cannot hold as it is: nothing is rounded, cut or moved to another
 * day. The texts are those of servers: `2025-12-17 16:49:00.123456`, with `+00` where a column has a zone.
 */
export function assertHeld({ name, type }: StagedColumn, value: string): void {
  const [kind = ""] = type.split("(");
  if (CHECKS[kind]?.(value, type) ?? true) return;
  throw new Error(`Column "${name}" holds ${shown(value)}, which the destination cannot hold`);
}

const CHECKS: Readonly<Record<string, (value: string, type: string) => boolean>> = {
  VARCHAR: isShortEnough,
  DECIMAL: isWithin,
  DATE: isDay,
  TIME: isTime,
  TIMESTAMP: isMoment,
  "TIMESTAMP WITH TIME ZONE": (value) => value.endsWith("+00") && isMoment(value.slice(0, -3)),
};

/** Snowflake's longest text, in bytes. */
const LONGEST_TEXT = 16_777_216;

function isShortEnough(value: string): boolean {
  // No character takes more than four bytes, nor less than one.
  return value.length <= LONGEST_TEXT / 4 || Buffer.byteLength(value) <= LONGEST_TEXT;
}

/** `NaN` and infinity are no decimals, and digits beyond the scale would be rounded away. */
function isWithin(value: string, type: string): boolean {
  const [, precision, scale] = /\((\d+),(\d+)\)/.exec(type) ?? [];
  const [, whole, fraction] = /^-?0*(\d*)(?:\.(\d*?)0*)?$/.exec(value) ?? [];
  if (whole === undefined) return false;
  return (
    whole.length <= Number(precision) - Number(scale) && (fraction ?? "").length <= Number(scale)
  );
}

/** From the year 1 to 9999: infinity, years before Christ, and the days 0000-00-00 and 2024-02-31 are none. */
function isDay(value: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? [];
  if (year === undefined || year === "0000") return false;
  const days = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days;
}

/** Of a day: `24:00:00` and the longer times of MySQL are none. */
function isTime(value: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?$/.test(value);
}

function isMoment(value: string): boolean {
  return value[10] === " " && isDay(value.slice(0, 10)) && isTime(value.slice(11));
}

const SHOWN = 40;

function shown(value: string): string {
  return value.length <= SHOWN ? value : `a value of ${value.length} characters`;
}
