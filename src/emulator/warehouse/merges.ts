import type { Count, Plan, Step } from "./plans.js";
import { readRelation } from "./relations.js";
import { deleteRows, insertRows } from "./storage.js";
import {
  changeable,
  defaultedColumns,
  defaultOf,
  listMismatch,
  readAssignments,
  readTarget,
  readValueOrDefault,
  requireColumn,
  type Target,
  updatedRow,
} from "./targets.js";
import type { Translation } from "./translation.js";
import { readRow } from "./values.js";

/** MERGE INTO t USING s ON … WHEN [NOT] MATCHED …; the first clause whose condition holds is the one that acts. */
export function readMerge(t: Translation): Plan {
  t.reader.expect("MERGE", "INTO");
  const target = readTarget(t, "SELECT");
  t.reader.expect("USING");
  const source = readRelation(t);
  t.reader.expect("ON");
  const on = t.expression().sql;
  const merge: Merge = { target, source, on, mark: -t.environment.transaction };
  const clauses: Clause[] = [];
  do clauses.push(readClause(t, merge, clauses));
  while (t.reader.sees("WHEN"));
  const counted = new Set(clauses.map(({ count }) => count));
  return {
    kind: "change",
    word: "MERGE",
    table: target.table,
    steps: clauses.flatMap(({ steps }) => steps),
    counts: ORDER.filter((count) => counted.has(count)),
    locks: true,
    ...duplicates(merge, clauses),
  };
}

interface Merge {
  readonly target: Target;
  readonly source: string;
  readonly on: string;
  readonly mark: number;
}

interface Clause {
  readonly isMatched: boolean;
  readonly condition: string;
  readonly count: Count;
  readonly steps: readonly Step[];
}

const ORDER: readonly Count[] = ["inserted", "updated", "deleted"];

function readClause(t: Translation, merge: Merge, earlier: readonly Clause[]): Clause {
  t.reader.expect("WHEN");
  const isMatched = !t.reader.accept("NOT");
  t.reader.expect("MATCHED");
  const own = t.reader.accept("AND") ? t.expression().sql : "TRUE";
  t.reader.expect("THEN");
  const before = earlier.filter((clause) => clause.isMatched === isMatched);
  const condition = [own, ...before.map((clause) => `(${clause.condition}) IS NOT TRUE`)].join(
    " AND ",
  );
  return { isMatched, condition, ...readAction(t, merge, { isMatched, condition }) };
}

type Action = Pick<Clause, "count" | "steps">;

function readAction(
  t: Translation,
  merge: Merge,
  clause: Pick<Clause, "isMatched" | "condition">,
): Action {
  if (!clause.isMatched) return readInsertion(t, merge, clause.condition);
  const { target, source, on, mark } = merge;
  const from = `FROM ${target.rows} JOIN ${source} ON ${on} WHERE ${clause.condition}`;
  const addresses = `SELECT ${target.address} ${from}`;
  if (t.reader.accept("DELETE")) {
    requirePrivilege(t, target, "DELETE");
    return {
      count: "deleted",
      steps: [{ sql: deleteRows(target.table, addresses, mark), counts: "deleted" }],
    };
  }
  t.reader.expect("UPDATE", "SET");
  requirePrivilege(t, target, "UPDATE");
  const row = updatedRow(target, readAssignments(t, target.table));
  const columns = target.table.columns.map(({ name }) => name);
  return {
    count: "updated",
    steps: [
      { sql: insertRows(target.table, columns, { query: `SELECT ${row} ${from}`, mark }) },
      { sql: deleteRows(target.table, addresses, mark), counts: "updated" },
    ],
  };
}

function readInsertion(
  t: Translation,
  { target, source, on, mark }: Merge,
  condition: string,
): Action {
  t.reader.expect("INSERT");
  requirePrivilege(t, target, "INSERT");
  const { table } = target;
  const named = t.reader.sees("(")
    ? t.reader.parenthesized(() => t.reader.list(() => t.reader.identifier()))
    : table.columns.map(({ name }) => name);
  for (const name of named) requireColumn(table, name);
  t.reader.expect("VALUES");
  const given = readRow(t, (index) => readValueOrDefault(t, table, named[index] ?? ""));
  if (given.length !== named.length) throw listMismatch(named.length, given.length);
  const filled = defaultedColumns(table, named);
  const columns = [...named, ...filled];
  const values = [...given, ...filled.map((name) => defaultOf(t, table, name))].map(
    (sql, index) => `${sql} AS "~ ${index}"`,
  );
  const unmatched = `NOT EXISTS (SELECT 1 FROM ${target.rows} WHERE ${on})`;
  const query = `SELECT ${values.join(", ")} FROM ${source} WHERE ${unmatched} AND ${condition}`;
  return {
    count: "inserted",
    steps: [{ sql: insertRows(table, columns, { query, mark }), counts: "inserted" }],
  };
}

function requirePrivilege(
  t: Translation,
  { table }: Target,
  privilege: "INSERT" | "UPDATE" | "DELETE",
): void {
  changeable(t, [table.database, table.schema, table.name], privilege);
}

/** Snowflake refuses to choose between two source rows for one target row (100090). */
function duplicates(
  { target, source, on }: Merge,
  clauses: readonly Clause[],
): { readonly duplicates?: string } {
  const acting = clauses
    .filter(({ isMatched }) => isMatched)
    .map(({ condition }) => `(${condition})`);
  if (acting.length === 0) return {};
  const from = `FROM ${target.rows} JOIN ${source} ON ${on} WHERE ${acting.join(" OR ")}`;
  return { duplicates: `SELECT 1 ${from} GROUP BY ${target.address} HAVING count(*) > 1 LIMIT 1` };
}
