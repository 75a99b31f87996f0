import type { CatalogueObject } from "./catalogue.js";
import { fullName } from "./environments.js";
import { notEmulated, objectExists, objectMissing, SnowflakeError } from "./errors.js";
import type { Desk, Plan } from "./plans.js";
import { emptyTable } from "./storage.js";
import { dropStored, readTableDefinition, type TableKind } from "./table-definitions.js";
import { changeable } from "./targets.js";
import { readObjectPath } from "./translation.js";
import { readViewDefinition } from "./view-definitions.js";

export function readCreate(desk: Desk): Plan {
  const { reader } = desk.t;
  reader.expect("CREATE");
  const replaces = reader.accept("OR", "REPLACE");
  if (reader.accept("VIEW")) return readViewDefinition(desk, replaces);
  if (reader.accept("SCHEMA")) return readSchema(desk);
  const kind = readKind(desk);
  if (!reader.accept("TABLE")) throw notEmulated(`CREATE ${reader.peek().text}`);
  return readTableDefinition(desk, kind, replaces);
}

function readKind({ t: { reader } }: Desk): TableKind {
  if (reader.accept("TRANSIENT")) return "TRANSIENT";
  reader.accept("LOCAL");
  return reader.accept("TEMPORARY") || reader.accept("TEMP") ? "TEMPORARY" : "TABLE";
}

/** Names that DuckDB keeps for itself in every catalog. */
const KEPT_SCHEMAS: ReadonlySet<string> = new Set(["MAIN", "PG_CATALOG", "INFORMATION_SCHEMA"]);

function readSchema({ t, engine, session }: Desk): Plan {
  const isOptional = t.reader.accept("IF", "NOT", "EXISTS");
  const [schema = "", database = session.database] = readObjectPath(t).toReversed();
  if (database !== engine.catalogue.database) throw objectMissing("Database", database ?? "");
  if (KEPT_SCHEMAS.has(schema)) throw notEmulated(`a schema named ${schema}`);
  if (engine.catalogue.hasSchema(database, schema) && !isOptional) throw objectExists(schema);
  return definition(async () => {
    await engine.storage.addSchema(session.connection, schema);
    engine.catalogue.addSchema(schema);
    engine.grants.grant({
      role: session.role,
      privileges: ["CREATE TABLE", "CREATE VIEW"],
      on: { schema },
    });
    return `Schema ${schema} successfully created.`;
  });
}

export function readDrop(desk: Desk): Plan {
  const { t, engine, session } = desk;
  t.reader.expect("DROP");
  const isView = t.reader.accept("VIEW");
  if (!isView && !t.reader.accept("TABLE")) throw notEmulated(`DROP ${t.reader.peek().text}`);
  const isOptional = t.reader.accept("IF", "EXISTS");
  const path = readObjectPath(t);
  const name = fullName(engine, session, path);
  if (isOptional && engine.catalogue.find(name, session.id) === undefined) {
    return definition(() =>
      Promise.resolve(`Drop statement executed successfully (${name.name} already dropped).`),
    );
  }
  const object = t.environment.resolve(path, "OWNERSHIP");
  if ((object.kind === "VIEW") !== isView) throw otherKind(object, isView ? "VIEW" : "TABLE");
  return definition(async () => {
    await remove(desk, object);
    return `${object.name} successfully dropped.`;
  });
}

async function remove(desk: Desk, object: CatalogueObject): Promise<void> {
  if (object.kind !== "VIEW") return dropStored(desk, object);
  desk.engine.catalogue.remove(object);
  desk.engine.grants.forget(object);
}

function otherKind({ kind }: CatalogueObject, wanted: string): SnowflakeError {
  const found = kind === "VIEW" ? "VIEW" : "TABLE";
  return new SnowflakeError(
    "002203",
    "42601",
    `SQL compilation error:\nObject found is of type '${found}', not specified type '${wanted}'.`,
  );
}

export function readTruncate({ t, engine, session }: Desk): Plan {
  t.reader.expect("TRUNCATE");
  t.reader.accept("TABLE");
  const isOptional = t.reader.accept("IF", "EXISTS");
  const path = readObjectPath(t);
  const done = "Statement executed successfully.";
  if (
    isOptional &&
    engine.catalogue.find(fullName(engine, session, path), session.id) === undefined
  ) {
    return definition(() => Promise.resolve(done));
  }
  const { stored } = changeable(t, path, "TRUNCATE");
  const { transaction } = t.environment;
  return {
    kind: "definition",
    queries: [],
    apply: async (patience) => {
      await engine.locks.take(stored, transaction, patience);
      try {
        await engine.storage.write(session.connection, () =>
          session.connection.run(emptyTable(stored)),
        );
      } finally {
        engine.locks.release(transaction);
      }
      return done;
    },
  };
}

/** COMMENT ON TABLE|VIEW x IS '…' */
export function readCommentOn({ t, engine }: Desk): Plan {
  t.reader.expect("COMMENT", "ON");
  if (!t.reader.accept("TABLE") && !t.reader.accept("VIEW")) {
    throw notEmulated(`COMMENT ON ${t.reader.peek().text}`);
  }
  const object = t.environment.resolve(readObjectPath(t), "OWNERSHIP");
  t.reader.expect("IS");
  const comment = t.reader.text();
  return definition(() => {
    engine.catalogue.replace({ ...object, comment });
    return Promise.resolve("Statement executed successfully.");
  });
}

/** A plan whose work asks nobody and waits for nothing. */
export function definition(apply: () => Promise<string>): Plan {
  return { kind: "definition", queries: [], apply };
}
