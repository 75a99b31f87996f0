import { adding } from "./change-world.js";
import type { Props } from "./world.js";

/** The walkthrough's change, in which old copies go once the new ones are there. */
export function deletingAfter(rows: unknown, changes: Props = {}): Props {
  const backfill = { columns: ["telefone"], rows, strategy: "delete-after" };
  return { ...adding(["telefone"], rows), backfill, ...changes };
}

/** SQL that gives the orders a day: one on each from the 16th to the 20th, and a second one on the 18th. */
export const DAYS = `
  ALTER TABLE cadastros.pedidos ADD COLUMN dia DATE;
  INSERT INTO cadastros.pedidos VALUES (6, 106, 6.00, 'pago', '2025-12-16 00:00:00', '2025-12-17 14:06:00', NULL);
  UPDATE cadastros.pedidos SET dia = CASE WHEN id = 6 THEN DATE '2025-12-18' ELSE DATE '2025-12-15' + CAST(id AS INTEGER) END`;

/** A job whose cursor is that day. */
export const BY_DAY = {
  input: {
    incrementalColumnName: "dia",
    incrementalColumnType: "date",
    columnIncludeList: ["id", "cliente_id", "valor", "status", "dia"],
  },
};

/** `telefone` for the rows beyond the 18th, which two rows carry. */
export function byDay(strategy: string, primaryKeys: readonly string[] | undefined): Props {
  const rows = { after: "2025-12-18" };
  const columns = [...BY_DAY.input.columnIncludeList, "telefone"];
  const input = { ...BY_DAY.input, columnIncludeList: columns };
  const backfill = { columns: ["telefone"], rows, strategy };
  return { ...adding(["telefone"], rows, { input }), primaryKeys, backfill };
}
