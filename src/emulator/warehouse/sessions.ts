import { randomInt } from "node:crypto";
import { SnowflakeError } from "./errors.js";
import type { Engine, Session } from "./session.js";
import { DEFAULT_PARAMETERS, setParameters } from "./settings.js";
import { dropTable } from "./storage.js";
import { rollBack } from "./transactions.js";

/** What a session starts with; names as a connection string gives them. */
export interface SessionStart {
  readonly user: string;
  readonly roles: readonly string[];
  readonly role?: string | undefined;
  readonly database?: string | undefined;
  readonly schema?: string | undefined;
  readonly warehouse?: string | undefined;
  readonly parameters?: ReadonlyMap<string, string> | undefined;
}

/** The warehouse of sessions that ask for none. */
const DEFAULT_WAREHOUSE = "COMPUTE_WH";

export async function openSession(engine: Engine, start: SessionStart): Promise<Session> {
  const parameters = new Map(Object.entries(DEFAULT_PARAMETERS));
  const { roles, user } = start;
  const role = nameIn(start.role) ?? roles[0];
  if (role === undefined || !roles.includes(role)) throw roleRefused(role ?? "");
  const database = nameIn(start.database) ?? engine.catalogue.database;
  const schema = nameIn(start.schema) ?? "PUBLIC";
  const hasSchema = engine.catalogue.hasSchema(database, schema);
  const session: Session = {
    id: String(randomInt(1e12, 1e13)),
    user,
    roles,
    role,
    parameters,
    connection: await engine.storage.connect(parameters.get("TIMEZONE") ?? "UTC"),
    database: hasSchema ? database : undefined,
    schema: hasSchema ? schema : undefined,
    warehouse: nameIn(start.warehouse) ?? DEFAULT_WAREHOUSE,
    lastQueryId: undefined,
    transaction: undefined,
  };
  const known = [...(start.parameters ?? [])].filter(([name]) => parameters.has(name));
  await setParameters(session, new Map(known));
  return session;
}

/** Rolls back what is open, and takes the session's temporary tables with it. */
export async function closeSession(engine: Engine, session: Session): Promise<void> {
  const { catalogue, storage } = engine;
  await rollBack(engine, session);
  for (const object of catalogue.list(session.id)) {
    if (object.kind !== "TEMPORARY") continue;
    await storage.write(session.connection, () => session.connection.run(dropTable(object.stored)));
    catalogue.remove(object);
  }
  session.connection.closeSync();
}

/** Names in a connection string are identifiers: folded, unless they come in quotes. */
function nameIn(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toUpperCase();
}

function roleRefused(role: string): SnowflakeError {
  return new SnowflakeError(
    "390189",
    "08001",
    `Role '${role}' specified in the connect string does not exist or not authorized. Contact your local system administrator, or attempt to login with another role.`,
  );
}
