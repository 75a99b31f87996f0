import { setTimeout } from "node:timers/promises";
import type { z } from "zod";
import { Redaction } from "../../domain/redaction.js";
import { type Complainant, noAnswer, type Operation, refusal, unreadable } from "./refusals.js";
import { parseJson } from "./wire.js";

export interface ExchangeOptions {
  /** As `https://hasura.example.com`, with or without a slash at the end. */
  readonly endpoint: string;
  /** None for a server that was started without one. */
  readonly adminSecret?: string | undefined;
  /** How often a read is sent, at most, and how long to wait before the second time; each wait doubles. */
  readonly attempts?: number;
  readonly firstBackOffMs?: number;
  /** Ends what is under way when it aborts. */
  readonly signal?: AbortSignal;
}

type Reply =
  | { readonly kind: "answered"; readonly status: number; readonly text: string }
  /** The connection was never made. */
  | { readonly kind: "not-sent"; readonly cause: unknown }
  | { readonly kind: "lost"; readonly cause: unknown };

/** Carries operations to one Hasura. What only reads is sent again; what changes something only if it cannot have arrived. */
export class Exchange {
  readonly endpoint: string;
  readonly #options: ExchangeOptions;
  readonly #redaction = new Redaction();
  readonly #closing = new AbortController();

  constructor(options: ExchangeOptions) {
    this.endpoint = options.endpoint.replace(/\/+$/, "");
    this.#options = options;
    this.#redaction.learn(options.adminSecret);
  }

  /** @throws DadosferaError for every answer that is not a success of the schema's shape. */
  async send<T>(operation: Operation, schema: z.ZodType<T>): Promise<T> {
    const by = { operation, endpoint: this.endpoint, redaction: this.#redaction };
    const { attempts = 4, firstBackOffMs = 250 } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const reply = await this.#attempt(operation);
      if (attempt >= attempts || !mayRepeat(operation, reply)) return read(reply, schema, by);
      const waitMs = firstBackOffMs * 2 ** (attempt - 1);
      await setTimeout(waitMs, undefined, { signal: this.#ending() }).catch(() => undefined);
      if (this.#ending().aborted) return read(reply, schema, by);
    }
  }

  /** Ends what is under way. */
  close(): void {
    this.#closing.abort();
  }

  #ending(): AbortSignal {
    const { signal } = this.#options;
    const closing = this.#closing.signal;
    return signal === undefined ? closing : AbortSignal.any([signal, closing]);
  }

  async #attempt({ path, body, deadlineMs }: Operation): Promise<Reply> {
    // Only now: a provider process that asks no Hasura need not load it.
    const { Agent, request } = await import("undici");
    // A connection kept open may be closed by the other side just as the request leaves; then nobody knows whether it was done.
    const dispatcher = new Agent({ pipelining: 0, headersTimeout: 0, bodyTimeout: 0 });
    const { adminSecret } = this.#options;
    try {
      const { statusCode, body: received } = await request(`${this.endpoint}${path}`, {
        dispatcher,
        method: body === undefined ? "GET" : "POST",
        headers: {
          accept: "application/json",
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(adminSecret !== undefined && { "x-hasura-admin-secret": adminSecret }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.any([this.#ending(), AbortSignal.timeout(deadlineMs)]),
      });
      return { kind: "answered", status: statusCode, text: await received.text() };
    } catch (cause) {
      return { kind: isNeverConnected(cause) ? "not-sent" : "lost", cause };
    } finally {
      await dispatcher.destroy();
    }
  }
}

function mayRepeat({ isEffect }: Operation, reply: Reply): boolean {
  if (reply.kind === "not-sent") return true;
  if (isEffect) return false;
  return reply.kind === "lost" || [429, 502, 503, 504].includes(reply.status);
}

function read<T>(reply: Reply, schema: z.ZodType<T>, by: Complainant): T {
  if (reply.kind !== "answered") throw noAnswer(by, reply.cause, reply.kind === "not-sent");
  if (reply.status < 200 || reply.status > 299) throw refusal(by, reply.status, reply.text);
  const parsed = schema.safeParse(parseJson(reply.text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(by, `${issue?.path.join(".") || "body"}: ${issue?.message}`);
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
