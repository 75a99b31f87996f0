import type { PoolClient } from "pg";
import {
  cleanly,
  type EmulatedPostgres,
  lastResult,
  type Run,
  refusalOf,
  type StatementResult,
} from "./postgres.js";

const SESSIONS_AT_A_TIME = 8;

/**
 * A real PostgreSQL server by URL, `postgres://user:password@host:port/database`. Needs the optional package `pg`. A session that is
 * not open within the time given, that of waiting for another to end among it, is an error; without one it may wait for ever.
 */
export async function openPostgresServer(
  url: string,
  { connectWithinMs = 0 }: { readonly connectWithinMs?: number } = {},
): Promise<EmulatedPostgres> {
  const { Pool } = await import("pg");
  const pool = new Pool({
    connectionString: url,
    max: SESSIONS_AT_A_TIME,
    connectionTimeoutMillis: connectWithinMs,
  });
  // An idle connection that breaks is replaced at its next use.
  pool.on("error", () => undefined);
  return {
    async session(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      const breaks = (error: Error) => {
        broken = error;
      };
      client.once("error", breaks);
      try {
        return await cleanly((sql) => send(client, sql), work);
      } catch (error) {
        // Whoever uses a session that ended meanwhile learns only that it cannot be used.
        throw lostOr(broken ?? error);
      } finally {
        client.off("error", breaks);
        client.release(broken !== undefined);
      }
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

/** A socket says `write EPIPE`, which tells nobody whose session it was. */
function lostOr(error: unknown): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (code !== "EPIPE" && code !== "ECONNRESET") return error;
  return new Error(`The connection to PostgreSQL was lost: ${message}`, { cause: error });
}

async function send(client: PoolClient, sql: string): ReturnType<Run> {
  try {
    const result: unknown = await client.query({
      text: sql,
      rowMode: "array",
      types: { getTypeParser: () => (text: string) => text },
    });
    return lastResult([result].flat() as readonly StatementResult[]);
  } catch (error) {
    throw refusalOf(error);
  }
}
