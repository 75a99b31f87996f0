import type { DuckDBConnection } from "@duckdb/node-api";
import { Binds } from "./binds.js";
import { printedCell } from "./cells.js";
import type { ObjectName } from "./identifiers.js";
import { interpret, type Outcome } from "./interpreter.js";
import type { Engine, Session } from "./session.js";
import { closeSession, openSession } from "./sessions.js";

/** The role that may do everything, and owns what the loader makes. */
export const ADMINISTRATOR = "ACCOUNTADMIN";

/** The warehouse's own staff: sessions that come through no login. */
export interface Office {
  /** The loader's connection to DuckDB. */
  readonly loading: DuckDBConnection;
  rows(sql: string): Promise<Record<string, string | number | boolean | null>[]>;
  /** Runs a definition as the administrator. */
  define(sql: string): Promise<void>;
  /** Gives the default role its privileges on something that the loader made. */
  welcome(name: ObjectName): string;
  close(): Promise<void>;
}

export async function openOffice(engine: Engine, defaultRole: string): Promise<Office> {
  const loading = await engine.storage.connect("UTC");
  const session = await openSession(engine, {
    user: "SYSTEM",
    roles: [ADMINISTRATOR],
    parameters: new Map([["TIMEZONE", "UTC"]]),
  });
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (sql: string): Promise<Outcome> => {
    const outcome = last.then(() => run(engine, session, sql));
    last = outcome.catch(() => undefined);
    return outcome;
  };
  return {
    loading,
    rows: async (sql) => {
      const { columns, rows } = await inTurn(sql);
      return rows.map((row) =>
        Object.fromEntries(
          columns.map(({ name, type }, index) => [name, printedCell(row[index] ?? null, type)]),
        ),
      );
    },
    define: async (sql) => {
      await inTurn(sql);
    },
    welcome: ({ schema, name }) => {
      const privileges = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"] as const;
      engine.grants.grant({ role: defaultRole, privileges, on: { schema, name } });
      return ADMINISTRATOR;
    },
    close: async () => {
      await last;
      await closeSession(engine, session);
      loading.closeSync();
    },
  };
}

function run(engine: Engine, session: Session, sql: string): Promise<Outcome> {
  return interpret(engine, session, {
    sql,
    binds: new Binds(),
    describeOnly: false,
    patience: { timeoutMs: 43_200_000, signal: new AbortController().signal },
  });
}
