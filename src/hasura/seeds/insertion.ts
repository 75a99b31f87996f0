import { type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import { literal, quotedNames } from "./sql-text.js";
import { type SeededRow, STORED, storedRow, tryQuery } from "./stored-row.js";
import type { Draft, TablePlan } from "./table-plan.js";

/** What came of the rows to try. */
export interface Insertion {
  readonly rows: readonly SeededRow[];
  readonly refused: number;
  /** The first refusal, if any. */
  readonly error: SqlError | undefined;
}

/** Inserts all rows in one statement; if the database refuses one, each alone, and plainer ones in place of those refused. */
export async function insertDrafts(database: ScratchDatabase, plan: TablePlan): Promise<Insertion> {
  const together = await insert(database, plan, plan.drafts);
  if (!(together instanceof SqlError)) return { rows: together, refused: 0, error: undefined };
  const rows: SeededRow[] = [];
  let refused = 0;
  for (const draft of plan.drafts) {
    const inserted = await insertPlainer(database, plan, draft);
    rows.push(...inserted);
    refused += inserted.length === 0 ? 1 : 0;
  }
  return { rows, refused, error: together };
}

async function insert(
  database: ScratchDatabase,
  { table }: TablePlan,
  drafts: readonly Draft[],
): Promise<readonly SeededRow[] | SqlError> {
  const given = new Set(drafts.flatMap(({ values }) => [...values.keys()]));
  const [first] = table.columns;
  if (given.size === 0 && first !== undefined) given.add(first.name);
  const columns = [...given];
  const into =
    columns.length === 0
      ? "DEFAULT VALUES"
      : `(${quotedNames(columns)}) VALUES ${drafts.map((draft) => tuple(draft, columns)).join(", ")}`;
  const answer = await tryQuery(database, `INSERT INTO ${table.sql} ${into} RETURNING ${STORED}`);
  if (answer instanceof SqlError) return answer;
  return answer.map((row, index) => ({
    ...storedRow(table.name, row),
    rank: drafts[index]?.rank ?? 0,
  }));
}

function tuple({ values }: Draft, columns: readonly string[]): string {
  const given = columns.map((column) => {
    const value = values.get(column);
    return value === undefined ? "DEFAULT" : literal(value);
  });
  return `(${given.join(", ")})`;
}

async function insertPlainer(
  database: ScratchDatabase,
  plan: TablePlan,
  draft: Draft,
): Promise<readonly SeededRow[]> {
  const first = await insert(database, plan, [draft]);
  if (!(first instanceof SqlError)) return first;
  if (first.sqlState === UNIQUE_VIOLATION && draft.rank > 0) return [];
  for (const plainer of plainerDrafts(plan, draft, first)) {
    const inserted = await insert(database, plan, [plainer]);
    if (!(inserted instanceof SqlError)) return inserted;
  }
  return [];
}

const UNIQUE_VIOLATION = "23505";

/**
 * What to try in place of a refused row: plain values in the columns that the refusal is about, then in either half of them. A row
 * that is to be plain is tried in more shapes: rising, equal, falling (a start before an end), and as null as may be.
 */
function plainerDrafts(plan: TablePlan, draft: Draft, error: SqlError): readonly Draft[] {
  const names = plan.chosen.map(({ name }) => name);
  const check = plan.table.checks.find(({ name }) => name === error.constraint);
  const blamed = check?.columns ?? (error.column === undefined ? [] : [error.column]);
  const half = Math.ceil(names.length / 2);
  const parts = [blamed, names.slice(0, half), names.slice(half)].filter(
    ({ length }) => length > 0,
  );
  const inParts = parts.map((part) => withPlain(plan, draft, { part, step: 1 }));
  if (draft.rank > 0) return inParts;
  const shapes = [1, 0, -1].map((step) => withPlain(plan, draft, { part: names, step }));
  return [...inParts, ...shapes, withNulls(plan, draft)];
}

interface Shape {
  readonly part: readonly string[];
  /** How far one column's value is from the next one's, in the list of plain values. */
  readonly step: number;
}

function withPlain({ chosen }: TablePlan, draft: Draft, { part, step }: Shape): Draft {
  const values = new Map(draft.values);
  for (const [index, column] of chosen.entries()) {
    const { plain } = column.values;
    const place = draft.number + (step < 0 ? chosen.length - index : step * index);
    if (part.includes(column.name)) values.set(column.name, plain[place % plain.length] ?? null);
  }
  return { ...draft, values };
}

function withNulls(plan: TablePlan, draft: Draft): Draft {
  const names = plan.chosen.map(({ name }) => name);
  const { values: plain } = withPlain(plan, draft, { part: names, step: 0 });
  const values = new Map(plain);
  for (const { name, isNullable } of plan.chosen) if (isNullable) values.set(name, null);
  return { ...draft, values };
}
