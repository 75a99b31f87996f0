import type { CatalogueObject } from "./catalogue.js";
import { fullName } from "./environments.js";
import { notEmulated, objectMissing, privilegeMissing } from "./errors.js";
import type { GrantablePrivilege, GrantTarget } from "./grants.js";
import type { Desk, Plan } from "./plans.js";

const PRIVILEGES: readonly GrantablePrivilege[] = [
  "USAGE",
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "TRUNCATE",
  "CREATE TABLE",
  "CREATE VIEW",
];

/** GRANT … ON … TO ROLE x, and REVOKE … ON … FROM ROLE x. USAGE is kept and never asked for. */
export function readGrant(desk: Desk): Plan {
  const { reader } = desk.t;
  const isGrant = reader.accept("GRANT");
  if (!isGrant) reader.expect("REVOKE");
  const privileges = reader.list(() => readPrivilege(desk));
  reader.expect("ON");
  const { targets, future } = readTargets(desk);
  if (future !== undefined && !isGrant) throw notEmulated("REVOKE … ON FUTURE TABLES");
  reader.expect(isGrant ? "TO" : "FROM", "ROLE");
  const role = reader.identifier();
  const { grants } = desk.engine;
  return {
    kind: "definition",
    queries: [],
    apply: () => {
      for (const on of targets) {
        if (isGrant) grants.grant({ role, privileges, on });
        else grants.revoke({ role, privileges, on });
      }
      if (future !== undefined) grants.grantFuture({ role, privileges, on: future });
      return Promise.resolve("Statement executed successfully.");
    },
  };
}

function readPrivilege({ t: { reader } }: Desk): GrantablePrivilege {
  const found = PRIVILEGES.find((privilege) => reader.accept(...privilege.split(" ")));
  if (found === undefined) throw notEmulated(`the privilege ${reader.peek().text}`);
  return found;
}

interface Targets {
  readonly targets: readonly GrantTarget[];
  /** The schema whose tables to come are meant. */
  readonly future?: GrantTarget;
}

function readTargets(desk: Desk): Targets {
  const { reader } = desk.t;
  const isFuture = reader.accept("FUTURE");
  if (isFuture || reader.accept("ALL")) {
    reader.expect("TABLES", "IN", "SCHEMA");
    const on = readSchema(desk);
    return isFuture ? { targets: [], future: on } : { targets: tablesIn(desk, on) };
  }
  if (reader.accept("SCHEMA")) return { targets: [readSchema(desk)] };
  if (reader.accept("DATABASE") || reader.accept("WAREHOUSE")) {
    requireAdministrator(desk);
    reader.identifier();
    return { targets: [] };
  }
  if (!reader.accept("TABLE") && !reader.accept("VIEW"))
    throw notEmulated(`privileges on ${reader.peek().text}`);
  return { targets: [readOwned(desk)] };
}

function readSchema(desk: Desk): GrantTarget {
  requireAdministrator(desk);
  const [schema = "", database = desk.session.database ?? ""] = desk.t.reader.path().toReversed();
  if (!desk.engine.catalogue.hasSchema(database, schema)) throw objectMissing("Schema", schema);
  return { schema };
}

function tablesIn({ engine }: Desk, { schema }: GrantTarget): readonly CatalogueObject[] {
  return engine.catalogue.list().filter((each) => each.kind !== "VIEW" && each.schema === schema);
}

/** Only an owner hands out what it owns. */
function readOwned(desk: Desk): GrantTarget {
  const path = desk.t.reader.path();
  desk.t.environment.resolve(path, "OWNERSHIP");
  return fullName(desk.engine, desk.session, path);
}

function requireAdministrator({ engine, session }: Desk): void {
  if (!engine.grants.isAdministrator(session.role)) throw privilegeMissing("account", session.role);
}
