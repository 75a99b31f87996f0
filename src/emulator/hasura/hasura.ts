import type { IncomingMessage, ServerResponse } from "node:http";
import type { TurnableClock } from "../clock.js";
import { Faults, meet } from "../faults.js";
import type { RequestRecord } from "../message.js";
import { type Message, readBody, send } from "../message.js";
import { openPglite } from "../postgres/pglite.js";
import type { EmulatedPostgres } from "../postgres/postgres.js";
import { openPostgresServer } from "../postgres/server.js";
import { accessDenied, HasuraRefusal } from "./answers.js";
import { Operations, refusalFor } from "./operations.js";
import { DEFAULT_ADMIN_SECRET, type HasuraOptions } from "./settings.js";
import { Sources } from "./sources.js";
import { Store } from "./store.js";

/** Hasura, emulated: its requests, and what only a test may see. */
export interface HasuraServer extends AsyncDisposable {
  readonly postgres: EmulatedPostgres;
  readonly faults: Faults;
  /** Since the start, oldest first. */
  readonly requests: readonly RequestRecord[];
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Opens the database and answers requests over it. */
export async function openHasura(
  { postgres: url, adminSecret = DEFAULT_ADMIN_SECRET }: HasuraOptions,
  clock: TurnableClock,
): Promise<HasuraServer> {
  const postgres = url === undefined ? await openPglite() : await openPostgresServer(url);
  const sources = new Sources(postgres);
  const operations = new Operations(new Store(postgres), sources);
  const faults = new Faults();
  const requests: RequestRecord[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request);
    const [method = "", path = ""] = [request.method, request.url?.split("?")[0]];
    requests.push({ method, path, ...(body !== undefined && { body }), at: new Date(clock.now()) });
    const operate = () => answer({ method, path, body }, request, { operations, adminSecret });
    const sent = await meet(faults.of({ method, path, body }), operate, { response, clock });
    if (sent !== undefined) send(response, sent);
  };
  return {
    postgres,
    faults,
    requests,
    handle,
    async [Symbol.asyncDispose]() {
      await sources[Symbol.asyncDispose]();
      await postgres[Symbol.asyncDispose]();
    },
  };
}

interface Behind {
  readonly operations: Operations;
  readonly adminSecret: string;
}

async function answer(
  {
    method,
    path,
    body,
  }: { readonly method: string; readonly path: string; readonly body: unknown },
  { headers }: IncomingMessage,
  { operations, adminSecret }: Behind,
): Promise<Message> {
  try {
    const open = OPEN_TO_ALL[`${method} ${path}`];
    if (open !== undefined) return { status: 200, body: open };
    if (!KNOWN.has(`${method} ${path}`)) {
      return {
        status: 404,
        body: { path: "$", error: "resource does not exist", code: "not-found" },
      };
    }
    authorize(headers["x-hasura-admin-secret"], adminSecret);
    if (path === "/v1alpha1/config") return { status: 200, body: CONFIG };
    if (body instanceof SyntaxError || body === undefined) {
      throw new HasuraRefusal(400, {
        path: "$",
        error: "Error in $: not enough input",
        code: "invalid-json",
      });
    }
    return { status: 200, body: await operations.perform(path, body) };
  } catch (error) {
    return refusalFor(error).answer;
  }
}

const VERSION = "v2.36.0";
const OPEN_TO_ALL: Readonly<Record<string, unknown>> = {
  "GET /healthz": "OK",
  "GET /v1/version": { server_type: "ce", version: VERSION },
};
const CONFIG = {
  version: VERSION,
  is_admin_secret_set: true,
  is_auth_hook_set: false,
  is_jwt_set: false,
};
const KNOWN = new Set([
  "GET /v1alpha1/config",
  "POST /v1/query",
  "POST /v2/query",
  "POST /v1/metadata",
]);

function authorize(given: string | readonly string[] | undefined, adminSecret: string): void {
  if (given === undefined) {
    throw accessDenied("x-hasura-admin-secret/x-hasura-access-key required, but not found");
  }
  if (given !== adminSecret) {
    throw accessDenied('invalid "x-hasura-admin-secret"/"x-hasura-access-key"');
  }
}
