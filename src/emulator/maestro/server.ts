import type { IncomingMessage, ServerResponse } from "node:http";
import { type Faults, meet } from "../faults.js";
import { type RequestRecord, readBody, send } from "../message.js";
import type { Account } from "./accounts.js";
import { type Answer, gateway, notRouted, Refusal, tooManyRequests } from "./answers.js";
import { findRoute, type MaestroWorld, type Route } from "./route.js";
import { authRoutes } from "./routes/auth.js";
import { jobRoutes } from "./routes/jobs.js";
import { pipelineRoutes } from "./routes/pipelines.js";
import { runRoutes } from "./routes/runs.js";

export interface MaestroServerOptions {
  readonly world: MaestroWorld;
  readonly faults: Faults;
  /** Above so many requests in one second, 429; unlimited if missing. */
  readonly requestsPerSecond?: number;
  readonly onRequest: (request: RequestRecord) => void;
}

const SECRETS = new Set(["password", "totp", "refreshToken", "accessToken", "idToken"]);

/** Answers Maestro's requests: the limit first, then the fault of the request, then its operation. */
export class MaestroServer {
  readonly #options: MaestroServerOptions;
  readonly #routes: readonly Route[];
  #recent: readonly number[] = [];
  #requestsPerSecond: number;

  constructor(options: MaestroServerOptions) {
    this.#options = options;
    this.#requestsPerSecond = options.requestsPerSecond ?? Number.POSITIVE_INFINITY;
    const { switches } = options.world;
    this.#routes = [
      ...authRoutes,
      ...pipelineRoutes,
      ...runRoutes(switches),
      ...jobRoutes(switches),
    ];
  }

  /** Takes so many requests a second from now on. */
  limit(requestsPerSecond: number): void {
    this.#requestsPerSecond = requestsPerSecond;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { faults, onRequest, world } = this.#options;
    const body = await readBody(request);
    const [method = "", path = ""] = [request.method, request.url?.split("?")[0]];
    const at = new Date(world.clock.now());
    onRequest({ method, path, ...(body === undefined ? {} : { body: redact(body) }), at });
    if (this.#isBeyondLimit()) return send(response, tooManyRequests(1));
    const operate = () => this.#operate({ method, path, body }, request);
    const fault = faults.of({ method, path, body });
    const answer = await meet(fault, operate, { response, clock: world.clock });
    if (answer !== undefined) send(response, answer);
  }

  #operate(
    { method, path, body }: { method: string; path: string; body: unknown },
    { headers }: IncomingMessage,
  ): Answer {
    try {
      const found = findRoute(this.#routes, method, path);
      if (found === undefined) throw notRouted(method, path);
      if (body instanceof SyntaxError) throw gateway(400, body.message, "Bad Request");
      const { route, params } = found;
      const request = { params, headers, body };
      if (route.access === "public") return route.handle(request, this.#options.world);
      const account: Account = this.#options.world.accounts.authorize(headers);
      return route.handle({ ...request, account }, this.#options.world);
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      if (error instanceof URIError) return gateway(400, error.message, "Bad Request").answer;
      throw error;
    }
  }

  #isBeyondLimit(): boolean {
    const now = this.#options.world.clock.now();
    this.#recent = this.#recent.filter((at) => at > now - 1000 && at <= now);
    if (this.#recent.length >= this.#requestsPerSecond) return true;
    this.#recent = [...this.#recent, now];
    return false;
  }
}

function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRETS.has(name) ? "[redacted]" : redact(inner),
    ]),
  );
}
