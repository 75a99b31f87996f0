import type { z } from "zod";
import { Redaction } from "../domain/redaction.js";
import { type Clock, systemClock } from "./clock.js";
import { parseComplaint, parseJson } from "./complaint.js";
import { Courier, type Delivery } from "./courier.js";
import type { Operation } from "./operation.js";
import { isHeaderMissing, refusal, unreadable } from "./refusals.js";
import { DEFAULT_PATIENCE, type Patience } from "./retry.js";
import { type Credentials, Session } from "./session.js";
import type { MaestroSettings } from "./settings.js";
import { Transport } from "./transport.js";
import { Turnstile } from "./turnstile.js";

const REQUESTS_AT_A_TIME = 8;

export interface MaestroClientOptions {
  /** How long one attempt may take, from the moment it is sent; 30 s if left out. */
  readonly deadlineMs?: number;
  readonly clock?: Clock;
  /** From 0 to 1. */
  readonly random?: () => number;
  readonly patience?: Patience;
  /** Ends all waiting, and what is under way, when it aborts. */
  readonly signal?: AbortSignal;
}

/** All that is between an operation and its answer: places, credentials, attempts, and the reading of what came back. */
export class Switchboard {
  readonly deadlineMs: number;
  readonly #closing = new AbortController();
  readonly #redaction = new Redaction();
  readonly #transport: Transport;
  readonly #turnstile: Turnstile;
  readonly #courier: Courier;
  readonly #session: Session;

  constructor(settings: MaestroSettings, options: MaestroClientOptions) {
    const { deadlineMs = 30_000, clock = systemClock, random = Math.random } = options;
    const { patience = DEFAULT_PATIENCE, signal } = options;
    const closing = this.#closing.signal;
    const ending = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    const redaction = this.#redaction;
    this.deadlineMs = deadlineMs;
    this.#transport = new Transport({ baseUrl: settings.baseUrl, deadlineMs, ending });
    this.#turnstile = new Turnstile(REQUESTS_AT_A_TIME);
    const transport = this.#transport;
    this.#courier = new Courier({ transport, redaction, clock, random, patience, ending });
    this.#session = new Session({ settings, courier: this.#courier, redaction, clock, ending });
  }

  /** @throws DadosferaError for every answer that is not a success of the operation's shape. */
  async send<T>(operation: Operation, schema: z.ZodType<T>): Promise<T> {
    // The place is kept while waiting for another attempt: a service that says 429 then sees no more than eight of us.
    const delivery = await this.#turnstile.pass(() => this.#deliver(operation));
    return this.#read(delivery, schema);
  }

  /** The tenant's name, from the settings or from sign-in. */
  customerName(): Promise<string | undefined> {
    return this.#session.customerName();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#transport.close();
  }

  async #deliver(operation: Operation): Promise<Delivery> {
    const credentials = await this.#session.credentials();
    const first = await this.#courier.deliver(() => operation, authorization(credentials));
    if (!isTokenRefused(first)) return first;
    const renewed = await this.#session.replaced(credentials);
    if (renewed === undefined) return first;
    const second = await this.#courier.deliver(() => operation, authorization(renewed));
    return { ...second, isUnsettled: first.isUnsettled || second.isUnsettled };
  }

  #read<T>(delivery: Delivery, schema: z.ZodType<T>): T {
    const { status, text } = delivery.answer;
    const by = { ...delivery, redaction: this.#redaction };
    if (isAlreadySo(delivery)) return schema.parse(undefined);
    if (status < 200 || status > 299) throw refusal(by, delivery.answer);
    const body = parseJson(text);
    if (body === undefined && text.trim() !== "") throw unreadable(by, text, "it is not JSON");
    if (saysFailure(body)) throw refusal(by, delivery.answer);
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw unreadable(by, text, `${issue?.path.join(".") || "body"}: ${issue?.message}`);
  }
}

/** The bare token: with "Bearer " before it, Maestro answers 401. */
function authorization(credentials: Credentials): Readonly<Record<string, string>> {
  return credentials.kind === "api-key"
    ? { "x-api-key": credentials.apiKey }
    : { authorization: credentials.accessToken };
}

/** Whether a new token may help. */
function isTokenRefused({ operation, answer }: Delivery): boolean {
  if (answer.status !== 401) return false;
  return !isHeaderMissing(operation, answer.status, parseComplaint(answer.text));
}

function isAlreadySo({ operation: { alreadySo }, answer }: Delivery): boolean {
  if (alreadySo === undefined || answer.status !== 400) return false;
  return parseComplaint(answer.text).exceptionType === alreadySo;
}

/** A refusal that was sent as a success: `{status: false}`. */
function saysFailure(body: unknown): boolean {
  return typeof body === "object" && body !== null && "status" in body && body.status === false;
}
