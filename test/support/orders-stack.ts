import {
  type Emulator,
  type EmulatorOptions,
  type EngineStack,
  openStack,
  startEmulator,
} from "pulumi-dadosfera/testing";
import { ProgramFolder } from "./program-folder.js";
import type { RealSource } from "./real-source.js";

export const PIPELINE = "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae";
const TABLE = "PUBLIC.TB__XQFU8G__CADASTROS__PEDIDOS";
export const PHONES = ["11999990001", "11999990002", "11999990003", "11999990004", "11999990005"];

/** A user's project, its stack on the embedded engine, and an emulator that it works with. */
export interface OrdersStack extends AsyncDisposable, EngineStack {
  readonly emulator: Emulator;
  readonly folder: ProgramFolder;
  /** What every child process is told. */
  readonly environment: Readonly<Record<string, string>>;
  /** Every row of a table, in the order of keys and cursors. */
  rows(table?: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The source gains `telefone`, and every order a number and a newer cursor. */
  changeSource(): Promise<void>;
  /** Runs the pipeline, as its schedule would. */
  run(): Promise<void>;
  /** Asks Maestro, as somebody without this package would. */
  askMaestro(method: string, path: string, body?: unknown): Promise<Response>;
}

export interface OrdersStackOptions extends EmulatorOptions {
  readonly folder?: ProgramFolder;
  readonly config?: Readonly<Record<string, string>>;
  /** Holds the orders in place of the emulator's own source. */
  readonly server?: RealSource | undefined;
  /** In place of the emulator's own environment. */
  readonly environment?: (emulator: Emulator) => Readonly<Record<string, string>>;
}

export async function openOrdersStack(options: OrdersStackOptions = {}): Promise<OrdersStack> {
  const { folder = new ProgramFolder(), config = {}, environment, server, ...emulation } = options;
  await server?.run(...server.orders.seed);
  const from = server === undefined ? ({ seed: "caso-1" } as const) : { source: server.url };
  const emulator = await startEmulator({ ...from, ...emulation });
  const env = {
    DADOSFERA_POLL_INTERVAL_MS: "20",
    PULUMI_CONFIG_PASSPHRASE: "sample",
    ...(environment?.(emulator) ?? emulator.environment),
  };
  const { backendUrl, path: cwd } = folder;
  return {
    ...openStack({ cwd, stack: "dev", backendUrl, config, env }),
    emulator,
    folder,
    environment: env,
    rows: (table = TABLE) =>
      emulator.warehouse.rows(`SELECT * FROM ${table} ORDER BY ID, UPDATED_AT`),
    async changeSource() {
      if (server !== undefined) {
        await server.run(server.orders.newColumn, server.orders.fill);
        return;
      }
      await emulator.source.run(`
        ALTER TABLE cadastros.pedidos ADD COLUMN telefone VARCHAR(20);
        UPDATE cadastros.pedidos SET telefone = '1199999000' || id,
          updated_at = TIMESTAMP '2025-12-17 16:50:00' + to_seconds(id);
      `);
    },
    async run() {
      emulator.runs.start(PIPELINE, "scheduled");
      await emulator.runs.idle();
    },
    askMaestro: (method, path, body) => ask(emulator, { method, path, body }),
    async [Symbol.asyncDispose]() {
      await emulator[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

async function ask(
  { maestroUrl, environment }: Emulator,
  request: { readonly method: string; readonly path: string; readonly body: unknown },
): Promise<Response> {
  // The tests end with the emulator: no connection may be kept.
  const send = (method: string, path: string, token: string, body: unknown) =>
    fetch(`${maestroUrl}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        connection: "close",
        authorization: token,
        customer_name: environment["DADOSFERA_CUSTOMER_NAME"] ?? "",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const signIn = await send("POST", "/auth/sign-in", "", {
    username: environment["DADOSFERA_USERNAME"],
    password: environment["DADOSFERA_PASSWORD"],
  });
  const { tokens } = (await signIn.json()) as { readonly tokens: { readonly accessToken: string } };
  return send(request.method, request.path, tokens.accessToken, request.body);
}
