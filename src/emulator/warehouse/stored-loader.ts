import type { DuckDBConnection } from "@duckdb/node-api";
import type { CatalogueColumn, CatalogueTable } from "./catalogue.js";
import { parseDataType, printDataType } from "./data-types.js";
import { columnExists, objectMissing } from "./errors.js";
import { fold, type ObjectName, printObject, quote } from "./identifiers.js";
import type { Load, LoadedColumn, Loader } from "./loader.js";
import type { Office } from "./office.js";
import type { Engine } from "./session.js";
import { addColumn, createTable, emptyTable, insertRows } from "./storage.js";

/** What the loader needs of the warehouse around it. */
export interface LoadingDock {
  readonly engine: Engine;
  readonly connection: DuckDBConnection;
  readonly office: Pick<Office, "define" | "welcome">;
}

export function openLoader(dock: LoadingDock): Loader {
  const { catalogue } = dock.engine;
  const nameOf = (schema: string, table: string): ObjectName => ({
    database: catalogue.database,
    schema: fold(schema),
    name: fold(table),
  });
  const define = async (kind: "VIEW" | "TABLE", name: ObjectName, select: string) => {
    const path = [name.database, name.schema, name.name].map(quote).join(".");
    await dock.office.define(`CREATE OR REPLACE ${kind} ${path} AS ${select}`);
    dock.office.welcome(name);
  };
  return {
    findTable: async (schema, table) => {
      const found = catalogue.find(nameOf(schema, table));
      return found?.columns.map(({ name, type }) => ({ name, type: printDataType(type) }));
    },
    createTable: (schema, table, columns) => makeTable(dock, nameOf(schema, table), columns),
    addColumns: (schema, table, columns) => widen(dock, nameOf(schema, table), columns),
    load: (load) => write(dock, nameOf(load.schema, load.table), load),
    defineView: (schema, view, select) => define("VIEW", nameOf(schema, view), select),
    defineTableFrom: (schema, table, select) => define("TABLE", nameOf(schema, table), select),
  };
}

function existing({ engine: { catalogue } }: LoadingDock, name: ObjectName): CatalogueTable {
  const found = catalogue.find(name);
  if (found === undefined || found.kind === "VIEW") throw objectMissing("Table", printObject(name));
  return found;
}

async function makeTable(
  { engine: { catalogue, storage, clock, grants }, connection, office }: LoadingDock,
  name: ObjectName,
  columns: readonly LoadedColumn[],
): Promise<void> {
  if (!catalogue.hasSchema(name.database, name.schema)) throw objectMissing("Schema", name.schema);
  const table: CatalogueTable = {
    ...name,
    kind: "TABLE",
    owner: office.welcome(name),
    comment: "",
    createdOn: clock(),
    columns: columns.map(declared),
    stored: storage.place(name),
  };
  catalogue.add(table);
  grants.welcome(table);
  try {
    await storage.write(connection, () => connection.run(createTable(table.stored, table.columns)));
  } catch (error) {
    catalogue.remove(table);
    throw error;
  }
}

async function widen(
  dock: LoadingDock,
  name: ObjectName,
  columns: readonly LoadedColumn[],
): Promise<void> {
  const { engine, connection } = dock;
  const { catalogue, storage } = engine;
  const table = existing(dock, name);
  const added = columns.map(declared);
  for (const one of added) {
    if (table.columns.some((column) => column.name === one.name)) throw columnExists(one.name);
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
  dock: LoadingDock,
  name: ObjectName,
  { columns, query, replace }: Load,
): Promise<number> {
  const { engine, connection } = dock;
  const table = existing(dock, name);
  const insert = insertRows(table, columns.map(fold), { query, mark: null });
  return engine.storage.write(connection, async () => {
    if (replace) await connection.run(emptyTable(table.stored));
    return (await connection.run(insert)).rowsChanged;
  });
}
