import { notEmulated, objectMissing, SnowflakeError } from "./errors.js";
import type { Desk, Plan } from "./plans.js";
import type { Session } from "./session.js";
import { setTimeZone } from "./storage.js";

/** Parameters that a session has, with Snowflake's defaults. */
export const DEFAULT_PARAMETERS: Readonly<Record<string, string>> = {
  ABORT_DETACHED_QUERY: "false",
  AUTOCOMMIT: "true",
  BINARY_OUTPUT_FORMAT: "HEX",
  CLIENT_SESSION_KEEP_ALIVE: "false",
  CLIENT_STAGE_ARRAY_BINDING_THRESHOLD: "65280",
  DATE_OUTPUT_FORMAT: "YYYY-MM-DD",
  LOCK_TIMEOUT: "43200",
  QUERY_CONTEXT_CACHE_SIZE: "5",
  QUERY_TAG: "",
  QUOTED_IDENTIFIERS_IGNORE_CASE: "false",
  STATEMENT_TIMEOUT_IN_SECONDS: "172800",
  TIMESTAMP_LTZ_OUTPUT_FORMAT: "",
  TIMESTAMP_NTZ_OUTPUT_FORMAT: "YYYY-MM-DD HH24:MI:SS.FF3",
  TIMESTAMP_OUTPUT_FORMAT: "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM",
  TIMESTAMP_TYPE_MAPPING: "TIMESTAMP_NTZ",
  TIMESTAMP_TZ_OUTPUT_FORMAT: "",
  TIMEZONE: "America/Los_Angeles",
  TIME_OUTPUT_FORMAT: "HH24:MI:SS",
};

/** Parameters whose other values would change what SQL means here. */
const FIXED: ReadonlySet<string> = new Set([
  "BINARY_OUTPUT_FORMAT",
  "QUOTED_IDENTIFIERS_IGNORE_CASE",
  "TIMESTAMP_TYPE_MAPPING",
]);

export function readAlterSession({ t, session }: Desk): Plan {
  t.reader.expect("ALTER", "SESSION");
  const unsets = t.reader.accept("UNSET");
  if (!unsets) t.reader.expect("SET");
  const assignments = new Map<string, string>();
  do {
    const name = t.reader.identifier();
    const standard = Object.hasOwn(DEFAULT_PARAMETERS, name) ? DEFAULT_PARAMETERS[name] : undefined;
    if (standard === undefined) throw notEmulated(`session parameter ${name}`);
    const value = unsets ? standard : readParameter(t.reader);
    if (FIXED.has(name) && value !== standard) throw notEmulated(`${name} = ${value}`);
    assignments.set(name, value);
    t.reader.accept(",");
  } while (t.reader.peek().kind === "word");
  return { kind: "setting", apply: () => setParameters(session, assignments) };
}

function readParameter(reader: Desk["t"]["reader"]): string {
  reader.expect("=");
  const token = reader.next();
  if (token.kind === "word")
    return token.text === "TRUE" || token.text === "FALSE" ? token.text.toLowerCase() : token.text;
  if (token.kind === "string" || token.kind === "number") return token.text;
  throw reader.refusal();
}

export async function setParameters(
  session: Session,
  assignments: ReadonlyMap<string, string>,
): Promise<void> {
  const zone = assignments.get("TIMEZONE");
  if (zone !== undefined) {
    await setTimeZone(session.connection, zone).catch((error: unknown) => {
      throw new SnowflakeError(
        "001007",
        "22023",
        `SQL compilation error:\ninvalid value [${zone}] for parameter 'TIMEZONE'`,
        { cause: error },
      );
    });
  }
  for (const [name, value] of assignments) session.parameters.set(name, value);
}

export function readUse({ t, engine, session }: Desk): Plan {
  const { reader } = t;
  reader.expect("USE");
  const kind = ["ROLE", "WAREHOUSE", "DATABASE", "SCHEMA"].find((word) => isKind(reader, word));
  if (kind !== undefined) reader.next();
  const path = reader.path();
  const [name = "", parent = session.database] = path.toReversed();
  return {
    kind: "setting",
    apply: async () => {
      if (kind === "ROLE") useRole(session, name);
      else if (kind === "WAREHOUSE") session.warehouse = name;
      else if (kind === "SCHEMA" || path.length === 2) useSchema(parent, name);
      else useSchema(name, "PUBLIC");
    },
  };

  function useSchema(database: string | undefined, schema: string): void {
    if (database === undefined || !engine.catalogue.hasSchema(database, schema)) {
      throw objectMissing(
        kind === "SCHEMA" ? "Schema" : "Database",
        `${kind === "SCHEMA" ? schema : database}`,
      );
    }
    session.database = database;
    session.schema = schema;
  }
}

function isKind(reader: Desk["t"]["reader"], word: string): boolean {
  return reader.sees(word) && reader.peek(1).kind !== "end" && reader.peek(1).text !== ".";
}

function useRole(session: Session, role: string): void {
  if (!session.roles.includes(role)) {
    throw new SnowflakeError(
      "003013",
      "42501",
      `SQL access control error:\nRequested role '${role}' is not assigned to the executing user. Specify another role to activate.`,
    );
  }
  session.role = role;
}
