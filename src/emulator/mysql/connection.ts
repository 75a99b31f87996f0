import type { Connection, ConnectionOptions, TypeCast } from "mysql2";
import type { TextRow } from "../source-server.js";

/** A session of a MySQL or MariaDB server, in UTC. Every value comes as the server prints it. */
export interface MysqlSession extends AsyncDisposable {
  /** Runs one statement, and answers its rows. */
  query(sql: string): Promise<readonly TextRow[]>;
  /** The rows of one statement as they arrive: the server waits for whoever reads. */
  stream(sql: string): AsyncIterable<TextRow>;
}

/** Needs the optional package `mysql2`. */
export async function connectMysql(url: string): Promise<MysqlSession> {
  const { createConnection } = await import("mysql2");
  const connection = createConnection(optionsOf(url));
  // Whoever waits for an answer hears of it; unheard, this event would end the process.
  connection.on("error", () => undefined);
  const query = (sql: string) =>
    new Promise<readonly TextRow[]>((resolve, reject) => {
      connection.query({ sql, ...AS_TEXT }, (error, rows) =>
        error === null ? resolve(rows as unknown as readonly TextRow[]) : reject(error),
      );
    });
  try {
    await connected(connection);
    await query(SETTINGS);
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return {
    query,
    stream(sql) {
      const rows = connection.query({ sql, ...AS_TEXT }).stream();
      // A session that ends tells its connection only, and the rows would never end.
      connection.once("error", (error: Error) => rows.destroy(error));
      return rows as AsyncIterable<TextRow>;
    },
    [Symbol.asyncDispose]: async () => connection.destroy(),
  };
}

/** Backslashes escape, and blanks at the end of a `char` stay away, whatever the server's own mode. */
const SETTINGS = "SET time_zone = '+00:00', sql_mode = ''";

const asText: TypeCast = (field) => field.buffer()?.toString("utf8") ?? null;
const AS_TEXT = { rowsAsArray: true, typeCast: asText } as const;

const TIMEOUT_MS = 10_000;

function optionsOf(url: string): ConnectionOptions {
  return {
    uri: url.replace(/^mariadb:/i, "mysql:"),
    charset: "utf8mb4",
    connectTimeout: TIMEOUT_MS,
  };
}

function connected(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error === null ? resolve() : reject(error)));
  });
}
