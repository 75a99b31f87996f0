import { notEmulated } from "./errors.js";
import type { Plan } from "./plans.js";
import { readRelation } from "./relations.js";
import { deleteRows, insertRows } from "./storage.js";
import { readAssignments, readTarget, updatedRow } from "./targets.js";
import type { Translation } from "./translation.js";

/** DELETE FROM t [USING …] [WHERE …] */
export function readDelete(t: Translation): Plan {
  t.reader.expect("DELETE", "FROM");
  const target = readTarget(t, "DELETE");
  const others = t.reader.accept("USING") ? t.reader.list(() => readRelation(t)) : [];
  const from = [target.rows, ...others].join(", ");
  const addresses = `SELECT ${target.address} FROM ${from}${readWhere(t)}`;
  return {
    kind: "change",
    word: "DELETE",
    table: target.table,
    steps: [
      { sql: deleteRows(target.table, addresses, -t.environment.transaction), counts: "deleted" },
    ],
    counts: ["deleted"],
    locks: true,
  };
}

/** UPDATE t SET … [WHERE …]: the new row is stored beside the old one, which is then marked as deleted. */
export function readUpdate(t: Translation): Plan {
  t.reader.expect("UPDATE");
  const target = readTarget(t, "UPDATE");
  t.reader.expect("SET");
  const assignments = readAssignments(t, target.table);
  if (t.reader.sees("FROM")) throw notEmulated("UPDATE … FROM");
  const where = readWhere(t);
  const { table, rows, address } = target;
  const mark = -t.environment.transaction;
  const query = `SELECT ${updatedRow(target, assignments)} FROM ${rows}${where}`;
  const columns = table.columns.map(({ name }) => name);
  return {
    kind: "change",
    word: "UPDATE",
    table,
    steps: [
      { sql: insertRows(table, columns, { query, mark }) },
      {
        sql: deleteRows(table, `SELECT ${address} FROM ${rows}${where}`, mark),
        counts: "updated",
      },
    ],
    counts: ["updated", "multi-joined rows updated"],
    locks: true,
  };
}

function readWhere(t: Translation): string {
  return t.reader.accept("WHERE") ? ` WHERE ${t.expression().sql}` : "";
}
