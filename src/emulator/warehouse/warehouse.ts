import type { DuckDBInstance } from "@duckdb/node-api";
import { Catalogue } from "./catalogue.js";
import { notEmulated } from "./errors.js";
import type { Loader } from "./loader.js";
import { Storage } from "./storage.js";
import { openLoader } from "./stored-loader.js";

export interface WarehouseOptions {
  /** Shared with whoever keeps sources in other catalogs of it. */
  readonly duckdb: DuckDBInstance;
  readonly database?: string;
  readonly clock: () => Date;
}

export interface EmulatedWarehouse extends AsyncDisposable {
  readonly loader: Loader;
}

export async function openWarehouse(options: WarehouseOptions): Promise<EmulatedWarehouse> {
  const schemas = ["PUBLIC", "STAGED"];
  const catalogue = new Catalogue(options.database ?? "DADOSFERA", schemas);
  const storage = new Storage(options.duckdb, catalogue.database);
  await storage.open(schemas);
  const connection = await storage.connect("UTC");
  const loader = openLoader({
    catalogue,
    storage,
    connection,
    clock: options.clock,
    welcome: () => "LOADER",
    defineView: async () => Promise.reject(notEmulated("views")),
    defineTableFrom: async () => Promise.reject(notEmulated("tables from a SELECT")),
  });
  return {
    loader,
    async [Symbol.asyncDispose]() {
      connection.closeSync();
      await storage.close();
    },
  };
}
