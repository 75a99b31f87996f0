import { castTo } from "./casts.js";
import type { DataType } from "./data-types.js";
import { notEmulated } from "./errors.js";
import { timePattern } from "./time-formats.js";
import type { Fragment, Translation } from "./translation.js";

/** Functions over dates and times, whose first argument may be a part such as DAY. */
export function readDateFunction(t: Translation, name: string): string | undefined {
  const conversion = Object.hasOwn(CONVERSIONS, name) ? CONVERSIONS[name] : undefined;
  if (conversion !== undefined) return t.reader.parenthesized(() => readConversion(t, conversion));
  const byPart = Object.hasOwn(BY_PART, name) ? BY_PART[name] : undefined;
  if (byPart !== undefined) return t.reader.parenthesized(() => byPart(t));
  const part = Object.hasOwn(EXTRACTS, name) ? EXTRACTS[name] : undefined;
  if (part === undefined) return undefined;
  return t.reader.parenthesized(() => extract(part, time(t, t.expression())));
}

interface Conversion {
  readonly type: DataType;
  readonly isTry: boolean;
}

const conversions = (name: string, type: DataType): readonly (readonly [string, Conversion])[] => [
  [`TO_${name}`, { type, isTry: false }],
  [`TRY_TO_${name}`, { type, isTry: true }],
];

const CONVERSIONS: Readonly<Record<string, Conversion>> = Object.fromEntries([
  ...conversions("TIMESTAMP_NTZ", { kind: "timestamp_ntz", scale: 9 }),
  ...conversions("TIMESTAMP", { kind: "timestamp_ntz", scale: 9 }),
  ...conversions("TIMESTAMP_LTZ", { kind: "timestamp_ltz", scale: 9 }),
  ...conversions("TIMESTAMP_TZ", { kind: "timestamp_tz", scale: 9 }),
  ...conversions("DATE", { kind: "date" }),
  ...conversions("TIME", { kind: "time", scale: 9 }),
  ["DATE", { type: { kind: "date" }, isTry: false } satisfies Conversion],
]);

function readConversion(t: Translation, conversion: Conversion): string {
  const value = t.expression();
  if (t.reader.accept(",")) {
    const format = t.expression();
    if (format.text === undefined) throw notEmulated("a time format that is not a literal");
    const parse = conversion.isTry ? "try_strptime" : "strptime";
    const parsed = { sql: `${parse}(${value.sql}, ${timePattern(format.text)})` };
    return castTo(t, parsed, conversion).sql;
  }
  if (value.text !== undefined || conversion.type.kind === "time") {
    return castTo(t, value, conversion).sql;
  }
  // A number is seconds since 1970; what it is shows only when it is there.
  return castTo(t, { sql: `${t.taught}as_time(${value.sql})` }, conversion).sql;
}

type Reader = (t: Translation) => string;

const BY_PART: Readonly<Record<string, Reader>> = {
  DATEADD: readDateAdd,
  TIMESTAMPADD: readDateAdd,
  TIMEADD: readDateAdd,
  DATEDIFF: readDateDiff,
  TIMESTAMPDIFF: readDateDiff,
  TIMEDIFF: readDateDiff,
  DATE_TRUNC: readDateTrunc,
  DATE_PART: readDatePart,
  EXTRACT: readExtract,
};

function readDateAdd(t: Translation): string {
  const part = readPart(t);
  const unit = ADDED[part];
  if (unit === undefined) throw notEmulated(`DATEADD of ${part}`);
  const count = `CAST(${t.expression().sql} AS BIGINT)`;
  t.reader.expect(",");
  return `(${time(t, t.expression())} + ${unit(count)})`;
}

const ADDED: Readonly<Record<string, (count: string) => string>> = {
  year: (count) => `to_years(CAST(${count} AS INTEGER))`,
  quarter: (count) => `to_months(CAST(3 * ${count} AS INTEGER))`,
  month: (count) => `to_months(CAST(${count} AS INTEGER))`,
  week: (count) => `to_days(CAST(7 * ${count} AS INTEGER))`,
  day: (count) => `to_days(CAST(${count} AS INTEGER))`,
  hour: (count) => `to_hours(${count})`,
  minute: (count) => `to_minutes(${count})`,
  second: (count) => `to_seconds(${count})`,
  millisecond: (count) => `to_microseconds(1000 * ${count})`,
  microsecond: (count) => `to_microseconds(${count})`,
};

function readDateDiff(t: Translation): string {
  const part = readPart(t);
  const from = time(t, t.expression());
  t.reader.expect(",");
  return `date_diff('${part}', ${from}, ${time(t, t.expression())})`;
}

function readDateTrunc(t: Translation): string {
  const part = readPart(t);
  return `date_trunc('${part}', ${time(t, t.expression())})`;
}

function readDatePart(t: Translation): string {
  const part = readPart(t);
  return extract(part, time(t, t.expression()));
}

function readExtract(t: Translation): string {
  const part = partOf(t.reader.identifier());
  t.reader.expect("FROM");
  return extract(part, time(t, t.expression()));
}

function readPart(t: Translation): string {
  const token = t.reader.next();
  t.reader.expect(",");
  return partOf(token.text.toUpperCase());
}

const PARTS: Readonly<Record<string, string>> = {
  YEAR: "year",
  YEARS: "year",
  YY: "year",
  YYYY: "year",
  QUARTER: "quarter",
  MONTH: "month",
  MONTHS: "month",
  MM: "month",
  WEEK: "week",
  WEEKS: "week",
  DAY: "day",
  DAYS: "day",
  DD: "day",
  D: "day",
  HOUR: "hour",
  HOURS: "hour",
  HH: "hour",
  MINUTE: "minute",
  MINUTES: "minute",
  MI: "minute",
  SECOND: "second",
  SECONDS: "second",
  SS: "second",
  S: "second",
  MILLISECOND: "millisecond",
  MILLISECONDS: "millisecond",
  MS: "millisecond",
  MICROSECOND: "microsecond",
  MICROSECONDS: "microsecond",
  US: "microsecond",
  EPOCH_SECOND: "epoch_second",
  EPOCH: "epoch_second",
  EPOCH_SECONDS: "epoch_second",
  EPOCH_MILLISECOND: "epoch_millisecond",
  EPOCH_MILLISECONDS: "epoch_millisecond",
  EPOCH_MICROSECOND: "epoch_microsecond",
  EPOCH_MICROSECONDS: "epoch_microsecond",
  EPOCH_NANOSECOND: "epoch_nanosecond",
  EPOCH_NANOSECONDS: "epoch_nanosecond",
  DAYOFWEEK: "dayofweek",
  DAYOFWEEKISO: "isodow",
  DAYOFYEAR: "dayofyear",
};

function partOf(name: string): string {
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (part === undefined) throw notEmulated(`date part ${name}`);
  return part;
}

const EXTRACTS: Readonly<Record<string, string>> = {
  YEAR: "year",
  QUARTER: "quarter",
  MONTH: "month",
  WEEK: "week",
  DAY: "day",
  DAYOFMONTH: "day",
  HOUR: "hour",
  MINUTE: "minute",
  SECOND: "second",
  DAYOFWEEK: "dayofweek",
  DAYOFYEAR: "dayofyear",
};

function extract(part: string, value: string): string {
  switch (part) {
    case "epoch_second":
      return `CAST(floor(epoch_us(${value}) / 1000000) AS BIGINT)`;
    case "epoch_millisecond":
      return `epoch_ms(${value})`;
    case "epoch_microsecond":
      return `epoch_us(${value})`;
    case "epoch_nanosecond":
      return `epoch_ns(${value})`;
    // Snowflake's SECOND has no fraction, nor does DuckDB's date_part.
    default:
      return `date_part('${part}', ${value})`;
  }
}

/** A literal is read as a timestamp, which DuckDB's functions would not guess. */
function time(t: Translation, value: Fragment): string {
  if (value.text === undefined) return value.sql;
  return castTo(t, value, { type: { kind: "timestamp_ntz", scale: 9 }, isTry: false }).sql;
}
