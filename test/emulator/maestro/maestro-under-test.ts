import { randomUUID } from "node:crypto";
import { type Emulator, type EmulatorOptions, startEmulator } from "#src/emulator/emulator.js";

/** A real service to check the same claims against, with `DADOSFERA_USERNAME`, `DADOSFERA_PASSWORD` and `DADOSFERA_CUSTOMER_NAME`. */
const CONFORMANCE_URL = process.env["MAESTRO_CONFORMANCE_URL"];

// biome-ignore lint/suspicious/noExplicitAny: the claims read answers of any shape, and fail where a field is missing.
export type Json = any;

interface Answered {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

/** Maestro as a plain HTTP client meets it: the service at `MAESTRO_CONFORMANCE_URL`, or a fresh emulator. */
export interface MaestroUnderTest extends AsyncDisposable {
  readonly url: string;
  readonly credentials: { readonly username: string; readonly password: string };
  readonly customerName: string;
  /** Sends with a token, unless the headers say otherwise. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answered>;
  /** Creates the pipeline, and deletes it at the end. */
  create(pipeline: PipelineBody): Promise<Answered>;
}

export async function maestroUnderTest(): Promise<MaestroUnderTest> {
  if (CONFORMANCE_URL === undefined) return emulated(await startEmulator({ seed: "caso-1" }));
  return connect(CONFORMANCE_URL, process.env, async () => undefined);
}

/** For claims that need the emulator's insides: with a real service the test is skipped. */
export async function emulatedMaestro(
  test: Mocha.Context,
  options: EmulatorOptions = {},
): Promise<MaestroUnderTest & { readonly emulator: Emulator }> {
  // biome-ignore lint/suspicious/noSkippedTests: only where MAESTRO_CONFORMANCE_URL points at a service without insides.
  if (CONFORMANCE_URL !== undefined) test.skip();
  const emulator = await startEmulator({ seed: "caso-1", ...options });
  return { ...(await emulated(emulator)), emulator };
}

export interface PipelineBody {
  readonly id: string;
  readonly name: string;
  readonly [field: string]: unknown;
}

/** A createPipeline body for `cadastros.pedidos`, manual and incremental; `input` and the rest replace what matters. */
export function aPipeline(
  changes: {
    readonly input?: Readonly<Record<string, unknown>>;
    readonly output?: Readonly<Record<string, unknown>>;
    readonly [field: string]: unknown;
  } = {},
): PipelineBody {
  const { input, output, ...rest } = changes;
  const id = randomUUID();
  return { id, name: `Pedidos ${id}`, cron: null, jobs: [aJob({ input, output })], ...rest };
}

function aJob(changes: { readonly input?: unknown; readonly output?: unknown } = {}): object {
  return {
    input: {
      connector: "jdbc",
      plugin: "mysql",
      table_schema: "cadastros",
      table_name: "pedidos",
      load_type: "incremental",
      incremental_column_name: "updated_at",
      incremental_column_type: "timestamp",
      column_include_list: ["id", "cliente_id", "valor", "status", "created_at", "updated_at"],
      auth_parameters: {
        auth_type: "connection_manager",
        config_id:
          process.env["MAESTRO_CONFORMANCE_CONFIG_ID"] ?? "1763991009206_kvpd3364_mysql-1.0.0",
      },
      ...(changes.input as object | undefined),
    },
    transformations: [],
    output: { plugin: "dadosfera_snowflake", ...(changes.output as object | undefined) },
  };
}

/** Maestro of an emulator that is running. */
export function emulated(emulator: Emulator): Promise<MaestroUnderTest> {
  return connect(emulator.maestroUrl, emulator.environment, async () => {
    await emulator[Symbol.asyncDispose]();
  });
}

async function connect(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
  close: () => Promise<void>,
): Promise<MaestroUnderTest> {
  const username = environment["DADOSFERA_USERNAME"] ?? "";
  const password = environment["DADOSFERA_PASSWORD"] ?? "";
  const customerName = environment["DADOSFERA_CUSTOMER_NAME"] ?? "";
  const credentials = { username, password };
  const signedIn = await request(url, "POST", "/auth/sign-in", credentials, {});
  const token: string = signedIn.body.tokens?.accessToken ?? "";
  const created: string[] = [];
  const send: MaestroUnderTest["send"] = (method, path, body, headers = { authorization: token }) =>
    request(url, method, path, body, headers);
  return {
    url,
    credentials,
    customerName,
    send,
    async create(pipeline) {
      const answer = await send("POST", "/platform/pipeline", pipeline);
      if (answer.status === 200) created.push(pipeline.id);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      const headers = { authorization: token, customer_name: customerName };
      if (CONFORMANCE_URL !== undefined) {
        for (const id of created)
          await send("DELETE", `/platform/pipeline/${id}`, undefined, headers);
      }
      await close();
    },
  };
}

async function request(
  url: string,
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<Answered> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { connection: "close", "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
    headers: response.headers,
  };
}
