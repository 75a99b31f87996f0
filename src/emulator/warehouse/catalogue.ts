import type { DataType } from "./data-types.js";
import { objectExists } from "./errors.js";
import { type ObjectName, printObject } from "./identifiers.js";

export interface CatalogueColumn {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** Snowflake SQL of the default, worked out anew for each INSERT. */
  readonly default?: string;
  readonly isPrimaryKey?: boolean;
}

interface CatalogueEntry extends ObjectName {
  readonly owner: string;
  readonly comment: string;
  readonly createdOn: Date;
  readonly columns: readonly CatalogueColumn[];
}

export interface CatalogueTable extends CatalogueEntry {
  readonly kind: "TABLE" | "TRANSIENT" | "TEMPORARY";
  /** Its name in DuckDB, ready to be used in SQL. */
  readonly stored: string;
  /** The session that alone sees it, for a temporary table. */
  readonly session?: string;
}

export interface CatalogueView extends CatalogueEntry {
  readonly kind: "VIEW";
  /** Snowflake SQL, translated anew at each use: the view then sees what its reader's session sees. */
  readonly text: string;
}

export type CatalogueObject = CatalogueTable | CatalogueView;

/** What exists, under the exact names that Snowflake keeps. DDL commits at once in Snowflake, so this needs no transactions. */
export class Catalogue {
  readonly database: string;
  readonly #schemas = new Set<string>();
  readonly #objects = new Map<string, CatalogueObject>();

  constructor(database: string, schemas: readonly string[]) {
    this.database = database;
    for (const schema of schemas) this.#schemas.add(schema);
  }

  get schemas(): readonly string[] {
    return [...this.#schemas];
  }

  hasSchema(database: string, schema: string): boolean {
    return database === this.database && this.#schemas.has(schema);
  }

  addSchema(schema: string): void {
    this.#schemas.add(schema);
  }

  /** A session's temporary table hides a permanent one of the same name. */
  find(name: ObjectName, session?: string): CatalogueObject | undefined {
    const temporary = session === undefined ? undefined : this.#objects.get(keyOf(name, session));
    return temporary ?? this.#objects.get(keyOf(name));
  }

  list(session?: string): readonly CatalogueObject[] {
    return [...this.#objects.values()].filter(
      (object) => sessionOf(object) === undefined || sessionOf(object) === session,
    );
  }

  isStored(stored: string): boolean {
    return [...this.#objects.values()].some(
      (object) => object.kind !== "VIEW" && object.stored === stored,
    );
  }

  add(object: CatalogueObject): void {
    const key = keyOf(object, sessionOf(object));
    if (this.#objects.has(key)) throw objectExists(printObject(object));
    this.#objects.set(key, object);
  }

  replace(object: CatalogueObject): void {
    this.#objects.set(keyOf(object, sessionOf(object)), object);
  }

  remove(object: CatalogueObject): void {
    this.#objects.delete(keyOf(object, sessionOf(object)));
  }
}

function sessionOf(object: CatalogueObject): string | undefined {
  return object.kind === "VIEW" ? undefined : object.session;
}

function keyOf({ database, schema, name }: ObjectName, session = ""): string {
  return JSON.stringify([database, schema, name, session]);
}
