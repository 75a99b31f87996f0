import type { Difference, Row, Snapshot, TableRows } from "./catalogue.js";

/** The differences of rows, table by table, of those tables that are on both sides. */
export function compareRows(before: Snapshot, after: Snapshot): readonly Difference[] {
  const present = new Map(after.rows.map((table) => [table.table, table]));
  return before.rows.flatMap((old) => {
    const now = present.get(old.table);
    return now === undefined ? [] : compareTable(old, now, columnsOf(before, after, old.table));
  });
}

/** The columns that both sides have, even where there is no row to show them. */
function columnsOf(before: Snapshot, after: Snapshot, table: string): readonly string[] {
  const named = ({ objects, rows }: Snapshot): ReadonlySet<string> =>
    new Set([
      ...objects
        .filter(({ kind, traits }) => kind === "column" && traits["table"] === table)
        .map(({ traits }) => traits["column"] ?? ""),
      ...rows
        .filter((one) => one.table === table)
        .flatMap((one) => one.rows.slice(0, 1).flatMap((row) => Object.keys(row))),
    ]);
  const now = named(after);
  return [...named(before)].filter((column) => now.has(column));
}

function compareTable(
  before: TableRows,
  after: TableRows,
  columns: readonly string[],
): readonly Difference[] {
  const key = before.key.length > 0 ? before.key : after.key;
  const isKeyed = key.length > 0 && key.every((column) => columns.includes(column));
  const keyed = isKeyed ? matchByKey(before.rows, after.rows, key) : undefined;
  const { missing, extra, pairs } = keyed ?? matchWhole(before.rows, after.rows, columns);
  const of = before.rows.length;
  return [
    ...rowsDiffer(before.table, missing.length, of, "gone"),
    ...rowsDiffer(before.table, extra.length, of, "left over"),
    ...columns.flatMap((column) => valuesDiffer(before.table, column, pairs)),
  ];
}

interface Matched {
  readonly missing: readonly Row[];
  readonly extra: readonly Row[];
  readonly pairs: readonly (readonly [Row, Row])[];
}

/** Nothing if the key does not tell the rows of a side apart, as where the constraint was lost. */
function matchByKey(
  before: readonly Row[],
  after: readonly Row[],
  key: readonly string[],
): Matched | undefined {
  const old = new Map(before.map((row) => [textOf(row, key), row]));
  const now = new Map(after.map((row) => [textOf(row, key), row]));
  if (old.size !== before.length || now.size !== after.length) return undefined;
  return {
    missing: [...old].filter(([text]) => !now.has(text)).map(([, row]) => row),
    extra: [...now].filter(([text]) => !old.has(text)).map(([, row]) => row),
    pairs: [...old].flatMap(([text, row]) => {
      const counterpart = now.get(text);
      return counterpart === undefined ? [] : [[row, counterpart] as const];
    }),
  };
}

/** Rows without a name are equal or not; which of them became which cannot be known. */
function matchWhole(
  before: readonly Row[],
  after: readonly Row[],
  columns: readonly string[],
): Matched {
  return {
    missing: without(before, after, columns),
    extra: without(after, before, columns),
    pairs: [],
  };
}

/** The rows less the others, as often as each occurs. */
function without(
  rows: readonly Row[],
  others: readonly Row[],
  columns: readonly string[],
): readonly Row[] {
  const counts = new Map<string, number>();
  for (const row of others) {
    const text = textOf(row, columns);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return rows.filter((row) => {
    const text = textOf(row, columns);
    const left = counts.get(text) ?? 0;
    counts.set(text, left - 1);
    return left <= 0;
  });
}

function textOf(row: Row, columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => row[column] ?? null));
}

function rowsDiffer(
  table: string,
  count: number,
  of: number,
  what: "gone" | "left over",
): readonly Difference[] {
  if (count === 0) return [];
  const words =
    what === "gone"
      ? `${count} of ${of} ${plural(of, "row")} ${count === 1 ? "is" : "are"} gone`
      : `${count} ${plural(count, "row")} ${count === 1 ? "was" : "were"} left over`;
  return [{ aspect: "rows", object: table, words: `${table}: ${words}`, count, of }];
}

function valuesDiffer(
  table: string,
  column: string,
  pairs: Matched["pairs"],
): readonly Difference[] {
  const changes = pairs
    .map(([before, after]) => ({ from: before[column] ?? null, to: after[column] ?? null }))
    .filter(({ from, to }) => from !== to);
  if (changes.length === 0) return [];
  const object = `${table}.${quoted(column)}`;
  const of = pairs.length;
  const counted = `${changes.length} of ${of} ${plural(of, "value")}`;
  const words = changes.every(({ to }) => to === null)
    ? `${counted} became null`
    : `${counted} ${changes.length === 1 ? "differs" : "differ"} (${examples(changes)})`;
  return [{ aspect: "rows", object, words: `${object}: ${words}`, count: changes.length, of }];
}

/** As PostgreSQL's `quote_ident` for names that need no quotes; reserved words are left as they are. */
function quoted(column: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(column) ? column : `"${column.replaceAll('"', '""')}"`;
}

function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}

const EXAMPLES = 3;

interface Change {
  readonly from: string | null;
  readonly to: string | null;
}

function examples(changes: readonly Change[]): string {
  const shown = changes
    .slice(0, EXAMPLES)
    .map(({ from, to }) => `${shorten(from)} became ${shorten(to)}`);
  return [...shown, ...(changes.length > EXAMPLES ? ["…"] : [])].join(", ");
}

const LONGEST_VALUE = 30;

function shorten(value: string | null): string {
  if (value === null) return "null";
  return value.length > LONGEST_VALUE ? `'${value.slice(0, LONGEST_VALUE)}…'` : `'${value}'`;
}
