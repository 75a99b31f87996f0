import type { Compared, Window } from "#src/domain/destination.js";
import type { DestinationTable } from "#src/warehouse/destination.js";

const cursor = { column: "UPDATED_AT", type: "TIMESTAMP_NTZ" } as const;

/** The rows of the walkthrough that are loaded again. */
export const after: Window & { kind: "after" } = {
  kind: "after",
  cursor,
  bookmark: "2025-12-17 16:49:00",
};

/** The walkthrough's destination in the catalogue. */
export function aTable(fields: Partial<DestinationTable> = {}): DestinationTable {
  return {
    table: { database: "DW", schema: "PUBLIC", name: "T" },
    isTransient: false,
    columns: [
      { name: "ID", type: "NUMBER" },
      { name: "UPDATED_AT", type: "TIMESTAMP_NTZ" },
    ],
    ...fields,
  };
}

/** The walkthrough's destination and its one back-up, by key and cursor. */
export function aComparison(fields: Partial<Compared> = {}): Compared {
  return {
    table: aTable().table,
    backUps: [backUp("B1")],
    window: after,
    identity: { keys: ["ID"], cursor },
    ...fields,
  };
}

/** A back-up with these columns. */
export function backUp(name: string, columns: readonly string[] = ["ID", "UPDATED_AT"]) {
  return { table: { database: "DW", schema: "PUBLIC", name }, columns };
}

/** SQL written over several lines, as `shown` writes it. */
export function folded(sql: string): string {
  return sql.trim().replaceAll(/\s+/g, " ");
}
