import type { CatalogueObject } from "./catalogue.js";
import { objectMissing, SnowflakeError } from "./errors.js";
import { type ObjectName, printName, printObject } from "./identifiers.js";
import { informationSchema } from "./information-schema.js";
import type { Engine, Session } from "./session.js";
import type { Environment } from "./translation.js";

/** What a statement of this session sees, as part of this transaction. */
export function environmentOf(engine: Engine, session: Session, transaction: number): Environment {
  return build(engine, {
    user: session.user,
    role: session.role,
    database: session.database,
    schema: session.schema,
    warehouse: session.warehouse,
    session: session.id,
    lastQueryId: session.lastQueryId,
    now: engine.clock(),
    transaction,
  });
}

type Surroundings = Omit<Environment, "resolve" | "asOwnerOf" | "resultOf" | "informationSchema">;

function build(engine: Engine, around: Surroundings): Environment {
  const { catalogue, grants } = engine;
  return {
    ...around,
    resolve: (path, privilege) => {
      const name = fullName(engine, around, path);
      const object = catalogue.find(name, around.session);
      if (object === undefined) throw objectMissing("Object", printObject(name));
      grants.require(around.role, object, privilege);
      return object;
    },
    asOwnerOf: (view) =>
      build(engine, {
        ...around,
        role: view.owner,
        database: view.database,
        schema: view.schema,
      }),
    resultOf: (queryId) => {
      const ending = engine.results.find(queryId, around.user)?.ending;
      return ending !== undefined && "outcome" in ending ? ending.outcome : undefined;
    },
    informationSchema: (path) => {
      const [table, schema, database] = path.toReversed();
      const isOurs = (database ?? around.database) === catalogue.database;
      if (schema !== "INFORMATION_SCHEMA" || table === undefined || !isOurs) return undefined;
      return informationSchema(table, visibleObjects(engine, around), catalogue);
    },
  };
}

export function visibleObjects(
  { catalogue, grants }: Engine,
  { role, session }: Pick<Surroundings, "role" | "session">,
): readonly CatalogueObject[] {
  return catalogue.list(session).filter((object) => grants.sees(role, object));
}

/** The three parts of a name; what is left out is the session's. */
export function fullName(
  { catalogue }: Engine,
  around: Pick<Surroundings, "database" | "schema">,
  path: readonly string[],
): ObjectName {
  const [name, schema = around.schema, database = around.database] = path.toReversed();
  if (name === undefined || path.length > 3) throw objectMissing("Object", path.join("."));
  if (database === undefined) throw noCurrent("database");
  if (schema === undefined) throw noCurrent("schema");
  if (!catalogue.hasSchema(database, schema)) {
    throw objectMissing("Schema", `${printName(database)}.${printName(schema)}`);
  }
  return { database, schema, name };
}

function noCurrent(kind: string): SnowflakeError {
  return new SnowflakeError(
    "090105",
    "22000",
    `Cannot perform SELECT. This session does not have a current ${kind}. Call 'USE ${kind.toUpperCase()}', or use a qualified name.`,
  );
}
