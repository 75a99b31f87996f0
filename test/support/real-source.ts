import { isDadosferaError } from "#src/domain/errors.js";
import { connectMysql } from "#src/emulator/mysql/connection.js";
import { openPostgresServer } from "#src/emulator/postgres/server.js";
import { findBinaries } from "#src/hasura/scratch/postgres-binaries.js";
import { startServer } from "#src/hasura/scratch/postgres-server.js";
import { findMariadb } from "./mariadb.js";

/** A database server that pipelines extract from, with SQL of its own kind for the walkthrough's orders. */
export interface RealSource extends AsyncDisposable {
  readonly name: "PostgreSQL" | "MariaDB";
  /** For `--source`. */
  readonly url: string;
  /** Runs statements, one after the other, in a session in UTC; answers the rows of the last one as texts. */
  run(...statements: readonly string[]): Promise<readonly (readonly (string | null)[])[]>;
  /** Statements that drop a schema if it is there, and make it. */
  emptied(schema: string): readonly [dropped: string, made: string];
  /** A SELECT of wide rows with the numbers from 1 as their `id`. */
  numbers(count: number): string;
  /** Creates a user `app` whose password is not "segredo". */
  readonly stranger: string;
  /** Ends the sessions that are in a transaction; answers whether there was one. */
  cutOthers(): Promise<boolean>;
  readonly orders: OrdersSql;
}

/** The walkthrough's table in a server's own SQL. */
interface OrdersSql {
  /** `cadastros.pedidos` with its five orders, and nothing else in `cadastros`. */
  readonly seed: readonly string[];
  /** Its new column. */
  readonly newColumn: string;
  /** A phone number and a newer cursor for every order. */
  readonly fill: string;
  /** A day for every order: one on each from the 16th to the 20th, and a second one on the 18th. */
  readonly days: readonly string[];
}

const ROWS = `INSERT INTO cadastros.pedidos VALUES
  (1, 101, 150.00, 'pago',      '2025-12-15 09:12:00', '2025-12-17 14:01:00'),
  (2, 102, 89.90,  'enviado',   '2025-12-15 10:40:00', '2025-12-17 14:02:00'),
  (3, 103, 420.50, 'pago',      '2025-12-16 08:05:00', '2025-12-17 14:03:00'),
  (4, 101, 35.25,  'cancelado', '2025-12-16 15:30:00', '2025-12-17 14:04:00'),
  (5, 104, 1299.00,'pendente',  '2025-12-17 11:20:00', '2025-12-17 14:05:00')`;
const DAY = "ALTER TABLE cadastros.pedidos ADD COLUMN dia DATE";
const SECOND_OF_THE_18TH =
  "INSERT INTO cadastros.pedidos VALUES (6, 106, 6.00, 'pago', '2025-12-16 00:00:00', '2025-12-17 14:06:00', NULL)";
const NEW_COLUMN = "ALTER TABLE cadastros.pedidos ADD COLUMN telefone VARCHAR(20)";

const POSTGRES_ORDERS: OrdersSql = {
  seed: [
    "DROP SCHEMA IF EXISTS cadastros CASCADE",
    "CREATE SCHEMA cadastros",
    `CREATE TABLE cadastros.pedidos (
       id bigint PRIMARY KEY, cliente_id bigint NOT NULL, valor numeric(12,2) NOT NULL, status text NOT NULL,
       created_at timestamp NOT NULL, updated_at timestamp NOT NULL)`,
    ROWS,
  ],
  newColumn: NEW_COLUMN,
  fill: `UPDATE cadastros.pedidos
   SET telefone = '1199999000' || id, updated_at = TIMESTAMP '2025-12-17 16:50:00' + id * INTERVAL '1 second'`,
  days: [
    DAY,
    SECOND_OF_THE_18TH,
    `UPDATE cadastros.pedidos
     SET dia = DATE '2025-12-15' + CASE id WHEN 6 THEN 3 ELSE CAST(id AS integer) END`,
  ],
};

const MYSQL_ORDERS: OrdersSql = {
  seed: [
    "DROP DATABASE IF EXISTS cadastros",
    "CREATE DATABASE cadastros",
    `CREATE TABLE cadastros.pedidos (
       id bigint unsigned PRIMARY KEY, cliente_id bigint NOT NULL, valor decimal(12,2) NOT NULL,
       status varchar(20) NOT NULL, created_at datetime NOT NULL, updated_at timestamp NULL)`,
    ROWS,
  ],
  newColumn: NEW_COLUMN,
  fill: `UPDATE cadastros.pedidos
   SET telefone = CONCAT('1199999000', id), updated_at = TIMESTAMP '2025-12-17 16:50:00' + INTERVAL id SECOND`,
  days: [
    DAY,
    SECOND_OF_THE_18TH,
    "UPDATE cadastros.pedidos SET dia = DATE '2025-12-15' + INTERVAL CASE id WHEN 6 THEN 3 ELSE id END DAY",
  ],
};

/** The servers, and what has to be installed for one of its own to start. */
export const SERVERS = [
  { title: "a PostgreSQL (needs its binaries)", find: findPostgresSource },
  { title: "a MariaDB (needs mariadbd and mariadb-install-db)", find: findMariadbSource },
] as const;

/** One server for all tests of a group; they are skipped where it cannot be had. */
export function serverOf({ find }: (typeof SERVERS)[number]): () => RealSource {
  let server: RealSource | undefined;
  before(async function () {
    this.timeout(120_000);
    server = await find();
    if (server === undefined) this.skip();
  });
  after(() => server?.[Symbol.asyncDispose]());
  return () => {
    if (server === undefined) throw new Error("The server runs only while tests do");
    return server;
  };
}

/** A real PostgreSQL, of which nothing is in UTC; nothing where this machine has no binaries of it. */
export async function findPostgresSource(): Promise<RealSource | undefined> {
  const binaries = await findBinaries(15).catch((error: unknown) => {
    if (isDadosferaError(error)) return undefined;
    throw error;
  });
  if (binaries === undefined) return undefined;
  const server = await startServer(binaries);
  const { host = "", port, user } = server.address;
  const url = `postgres://${user}@localhost:${port}/postgres?host=${encodeURIComponent(host)}`;
  const source = await postgresSourceAt(url);
  await source.run("ALTER DATABASE postgres SET timezone = 'America/Sao_Paulo'");
  return {
    ...source,
    async [Symbol.asyncDispose]() {
      await source[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A MariaDB of its own; nothing where its programs are not installed. */
export async function findMariadbSource(): Promise<RealSource | undefined> {
  const server = await findMariadb();
  return (
    server && {
      ...mysqlSourceAt(server.url),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  );
}

export async function postgresSourceAt(url: string): Promise<RealSource> {
  const postgres = await openPostgresServer(url);
  const run: RealSource["run"] = (...statements) =>
    postgres.session(async (send) => {
      const result = await send(`SET timezone = 'UTC'; ${statements.join(";\n")}`);
      return result.kind === "tuples" ? result.rows : [];
    });
  return {
    name: "PostgreSQL",
    url,
    emptied: (schema) => [`DROP SCHEMA IF EXISTS ${schema} CASCADE`, `CREATE SCHEMA ${schema}`],
    orders: POSTGRES_ORDERS,
    run,
    numbers: (count) =>
      `SELECT id, repeat('x', 500) AS wide FROM generate_series(1, ${count}) AS n (id)`,
    // This server trusts everybody whom it knows.
    stranger: "SELECT 1",
    cutOthers: async () => {
      const cut = await run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE 'FETCH%'",
      );
      return cut.length > 0;
    },
    [Symbol.asyncDispose]: () => postgres[Symbol.asyncDispose](),
  };
}

/** MariaDB makes its tables of numbers up in any database. */
const EXISTING = "mysql";

export function mysqlSourceAt(url: string): RealSource {
  const run: RealSource["run"] = async (...statements) => {
    await using session = await connectMysql(url);
    let rows: Awaited<ReturnType<RealSource["run"]>> = [];
    for (const sql of statements) rows = await session.query(sql);
    return rows;
  };
  return {
    name: "MariaDB",
    url,
    emptied: (schema) => [`DROP DATABASE IF EXISTS ${schema}`, `CREATE DATABASE ${schema}`],
    orders: MYSQL_ORDERS,
    run,
    numbers: (count) =>
      `SELECT seq AS id, repeat('x', 500) AS wide FROM ${EXISTING}.seq_1_to_${count}`,
    stranger: "CREATE USER IF NOT EXISTS app IDENTIFIED BY 'certo'",
    cutOthers: async () => {
      const others = await run(
        "SELECT id FROM information_schema.processlist WHERE command = 'Query' AND info LIKE '%wide%' AND id <> connection_id()",
      );
      await run(...others.map(([id]) => `KILL ${id}`));
      return others.length > 0;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
