import type { DuckDBConnection } from "@duckdb/node-api";
import type { Catalogue, CatalogueColumn, CatalogueTable } from "./catalogue.js";
import { parseDataType, printDataType } from "./data-types.js";
import { columnExists, objectMissing } from "./errors.js";
import { fold, type ObjectName, printObject } from "./identifiers.js";
import type { Load, LoadedColumn, Loader } from "./loader.js";
import { addColumn, createTable, emptyTable, insertRows, type Storage } from "./storage.js";

/** What the loader needs of the warehouse around it. */
export interface LoadingDock {
  readonly catalogue: Catalogue;
  readonly storage: Storage;
  readonly connection: DuckDBConnection;
  readonly clock: () => Date;
  /** Says who owns what the loader makes, and gives the default role its privileges. */
  readonly welcome: (name: ObjectName) => string;
  readonly defineView: (name: ObjectName, select: string) => Promise<void>;
  readonly defineTableFrom: (name: ObjectName, select: string) => Promise<void>;
}

export function openLoader(dock: LoadingDock): Loader {
  const nameOf = (schema: string, table: string): ObjectName => ({
    database: dock.catalogue.database,
    schema: fold(schema),
    name: fold(table),
  });
  return {
    findTable: async (schema, table) => {
      const found = dock.catalogue.find(nameOf(schema, table));
      return found?.columns.map(({ name, type }) => ({ name, type: printDataType(type) }));
    },
    createTable: (schema, table, columns) => makeTable(dock, nameOf(schema, table), columns),
    addColumns: (schema, table, columns) =>
      widen(dock, existing(dock, nameOf(schema, table)), columns),
    load: (load) => write(dock, existing(dock, nameOf(load.schema, load.table)), load),
    defineView: (schema, view, select) => dock.defineView(nameOf(schema, view), select),
    defineTableFrom: (schema, table, select) => dock.defineTableFrom(nameOf(schema, table), select),
  };
}

function existing({ catalogue }: LoadingDock, name: ObjectName): CatalogueTable {
  const found = catalogue.find(name);
  if (found === undefined || found.kind === "VIEW") throw objectMissing("Table", printObject(name));
  return found;
}

async function makeTable(
  { catalogue, storage, connection, clock, welcome }: LoadingDock,
  name: ObjectName,
  columns: readonly LoadedColumn[],
): Promise<void> {
  const table: CatalogueTable = {
    ...name,
    kind: "TABLE",
    owner: welcome(name),
    comment: "",
    createdOn: clock(),
    columns: columns.map(declared),
    stored: storage.place(name),
  };
  catalogue.add(table);
  try {
    await storage.write(connection, () => connection.run(createTable(table.stored, table.columns)));
  } catch (error) {
    catalogue.remove(table);
    throw error;
  }
}

async function widen(
  { catalogue, storage, connection }: LoadingDock,
  table: CatalogueTable,
  columns: readonly LoadedColumn[],
): Promise<void> {
  const added = columns.map(declared);
  for (const { name } of added) {
    if (table.columns.some((column) => column.name === name)) throw columnExists(name);
  }
  await storage.write(connection, async () => {
    for (const column of added) await connection.run(addColumn(table.stored, column));
  });
  catalogue.replace({ ...table, columns: [...table.columns, ...added] });
}

function declared({ name, type }: LoadedColumn): CatalogueColumn {
  return { name: fold(name), type: parseDataType(type), nullable: true };
}

async function write(
  { storage, connection }: LoadingDock,
  table: CatalogueTable,
  { columns, query, replace }: Load,
): Promise<number> {
  const insert = insertRows(table, columns.map(fold), { query, mark: null });
  return storage.write(connection, async () => {
    if (replace) await connection.run(emptyTable(table.stored));
    return (await connection.run(insert)).rowsChanged;
  });
}
