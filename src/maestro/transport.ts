import type { Agent } from "undici";
import type { Operation } from "./operation.js";

/** A whole answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly retryAfter?: string | undefined;
  readonly text: string;
}

export type Exchange =
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "lost"; readonly cause: unknown }
  | { readonly kind: "not-sent"; readonly cause: unknown };

export interface TransportOptions {
  readonly baseUrl: string;
  readonly deadlineMs: number;
  /** Ends every request under way when it aborts. */
  readonly ending: AbortSignal;
}

/** Carries one request over HTTP, within its deadline. It decides nothing and repeats nothing. */
export class Transport {
  readonly #options: TransportOptions;
  #agents: Promise<Agents> | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  async exchange(
    operation: Operation,
    headers: Readonly<Record<string, string>>,
  ): Promise<Exchange> {
    const { baseUrl, deadlineMs, ending } = this.#options;
    const agents = await this.#open();
    const agent = operation.method === "GET" ? agents.kept : agents.fresh;
    try {
      const {
        statusCode,
        headers: received,
        body,
      } = await agents.request(`${baseUrl}${operation.path}`, {
        dispatcher: agent,
        method: operation.method,
        headers: { accept: "application/json", ...bodyHeaders(operation), ...headers },
        body: operation.body === undefined ? null : JSON.stringify(operation.body),
        signal: AbortSignal.any([ending, AbortSignal.timeout(deadlineMs)]),
      });
      const text = await body.text();
      const retryAfter = [received["retry-after"]].flat()[0];
      return { kind: "answered", answer: { status: statusCode, retryAfter, text } };
    } catch (cause) {
      return { kind: isNeverConnected(cause) ? "not-sent" : "lost", cause };
    }
  }

  async close(): Promise<void> {
    const agents = await this.#agents;
    await Promise.all([agents?.kept.destroy(), agents?.fresh.destroy()]);
  }

  #open(): Promise<Agents> {
    this.#agents ??= openAgents();
    return this.#agents;
  }
}

interface Agents {
  readonly request: typeof import("undici").request;
  /** Keeps connections open between reads. */
  readonly kept: Agent;
  /** A new connection for each effect: one kept open may be closed by the other side just as the request leaves, and then nobody
   * knows whether it was done. */
  readonly fresh: Agent;
}

async function openAgents(): Promise<Agents> {
  // Only now: a provider process that asks Maestro nothing need not load it.
  const undici = await import("undici");
  return {
    request: undici.request,
    kept: new undici.Agent(),
    fresh: new undici.Agent({ pipelining: 0 }),
  };
}

function bodyHeaders(operation: Operation): Readonly<Record<string, string>> {
  return operation.body === undefined ? {} : { "content-type": "application/json" };
}

const BEFORE_CONNECTION = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  // undici will not send a header that HTTP cannot carry.
  "UND_ERR_INVALID_ARG",
]);

function isNeverConnected(cause: unknown): boolean {
  if (cause instanceof AggregateError) return cause.errors.every(isNeverConnected);
  return cause instanceof Error && "code" in cause && BEFORE_CONNECTION.has(String(cause.code));
}
