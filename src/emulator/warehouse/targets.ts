import { readAlias } from "./aliases.js";
import type { CatalogueTable } from "./catalogue.js";
import { invalidIdentifier, notEmulated, SnowflakeError } from "./errors.js";
import { column } from "./identifiers.js";
import { ADDRESS, addressedRows } from "./storage.js";
import { type Privilege, readObjectPath, type Translation } from "./translation.js";

/** The table that a statement changes, under the alias that its expressions use. */
export interface Target {
  readonly table: CatalogueTable;
  /** Its rows with their addresses, to stand after FROM. */
  readonly rows: string;
  /** The address of one of these rows. */
  readonly address: string;
}

export function readTarget(t: Translation, privilege: Privilege): Target {
  const path = readObjectPath(t);
  const table = changeable(t, path, privilege);
  const alias = column(readAlias(t) ?? path.at(-1) ?? "");
  return {
    table,
    rows: `${addressedRows(table, t.environment.transaction)} AS ${alias}`,
    address: `${alias}.${ADDRESS}`,
  };
}

export function changeable(
  t: Translation,
  path: readonly string[],
  privilege: Privilege,
): CatalogueTable {
  const object = t.environment.resolve(path, privilege);
  if (object.kind === "VIEW") throw notEmulated("changes through a view");
  return object;
}

/** `a = 1, b = c + 1` of UPDATE and of MERGE: by column name. */
export function readAssignments(
  t: Translation,
  table: CatalogueTable,
): ReadonlyMap<string, string> {
  const assignments = t.reader.list(() => {
    const name = t.reader.path().at(-1) ?? "";
    requireColumn(table, name);
    t.reader.expect("=");
    return [name, readValueOrDefault(t, table, name)] as const;
  });
  return new Map(assignments);
}

export function requireColumn(table: CatalogueTable, name: string): void {
  if (table.columns.every((known) => known.name !== name)) throw invalidIdentifier(name);
}

/** A value, or DEFAULT for what the column has when nothing is said. */
export function readValueOrDefault(t: Translation, table: CatalogueTable, name: string): string {
  return t.reader.accept("DEFAULT") ? defaultOf(t, table, name) : t.expression().sql;
}

export function defaultOf(t: Translation, table: CatalogueTable, name: string): string {
  const text = table.columns.find((known) => known.name === name)?.default;
  return text === undefined ? "NULL" : t.translate(text);
}

/** The columns that an INSERT leaves out and that have something to say themselves. */
export function defaultedColumns(
  table: CatalogueTable,
  named: readonly string[],
): readonly string[] {
  return table.columns
    .filter((one) => one.default !== undefined && !named.includes(one.name))
    .map(({ name }) => name);
}

export function listMismatch(expected: number, got: number): SnowflakeError {
  return new SnowflakeError(
    "002020",
    "21S01",
    `SQL compilation error:\nInsert value list does not match column list expecting ${expected} but got ${got}`,
  );
}

/** The whole row after an UPDATE: each column assigned or as it was. */
export function updatedRow(
  { table, address }: Target,
  assignments: ReadonlyMap<string, string>,
): string {
  const alias = address.slice(0, -ADDRESS.length);
  return table.columns
    .map(({ name }) => assignments.get(name) ?? `${alias}${column(name)}`)
    .map((sql, index) => `${sql} AS "~ ${index}"`)
    .join(", ");
}
