import type { IncomingMessage, ServerResponse } from "node:http";
import type { Occasion, WarehouseFaults } from "./faults.js";
import type { Login } from "./logins.js";
import type { OpenSessions } from "./open-sessions.js";
import type { Reply } from "./replies.js";
import type { Json } from "./requests.js";
import type { Engine } from "./session.js";

/** What the routes work with. */
export interface Service {
  readonly engine: Engine;
  readonly sessions: OpenSessions;
  readonly logins: readonly Login[];
  readonly faults: WarehouseFaults;
  readonly heard: (statement: { sql: string; session: string; user: string }) => void;
}

/** One request on its way. */
export interface Call {
  readonly service: Service;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: Json;
}

export type Route = (call: Call) => Promise<void>;

export function send({ response }: Pick<Call, "response">, status: number, reply: Reply): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(reply));
}

/** The driver's name for what it sends, and how often it sent it before. */
export function sending(url: URL): Pick<Occasion, "requestId" | "attempt"> {
  const requestId = url.searchParams.get("requestId") ?? url.searchParams.get("request_id") ?? "";
  return { requestId, attempt: Number(url.searchParams.get("retryCount") ?? 0) };
}
