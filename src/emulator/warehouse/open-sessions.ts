import { randomUUID } from "node:crypto";
import { SnowflakeError } from "./errors.js";
import type { Reply } from "./replies.js";
import type { Engine, Session } from "./session.js";
import { closeSession } from "./sessions.js";

/** How long a session's token is good, and the one that a new token is asked for with. */
export const TOKEN_SECONDS = 3600;
export const MASTER_TOKEN_SECONDS = 14_400;

/** A session that a driver holds: its tokens, and what was answered to it. */
export interface OpenSession {
  readonly session: Session;
  readonly masterToken: string;
  token: string;
  /** When the token was given, by the warehouse's clock; the master token counts from there, too. */
  renewedAt: number;
  /** By request id: a request that comes again gets the answer of the first, also while that still runs. */
  readonly answers: Map<string, Promise<Reply>>;
  /** By request id and by query id. */
  readonly running: Map<string, AbortController>;
  /** Statements of one session take turns: they share its transaction. */
  lastStatement: Promise<unknown>;
}

/** Who is connected. */
export class OpenSessions {
  readonly #engine: Engine;
  readonly #byToken = new Map<string, OpenSession>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  add(session: Session): OpenSession {
    const open: OpenSession = {
      session,
      masterToken: randomUUID(),
      token: randomUUID(),
      renewedAt: this.#now(),
      answers: new Map(),
      running: new Map(),
      lastStatement: Promise.resolve(),
    };
    this.#byToken.set(open.token, open);
    return open;
  }

  find(token: string): OpenSession {
    const open = this.#byToken.get(token);
    if (open !== undefined && this.#now() >= open.renewedAt + TOKEN_SECONDS * 1000)
      throw new SnowflakeError("390112", "08001", "Your session has expired. Please login again.");
    if (open !== undefined) return open;
    throw new SnowflakeError(
      "390111",
      "08001",
      "Session no longer exists.  New login required to access the service.",
    );
  }

  /** Gives a new token for an old one, to whoever shows the master token. */
  renew(masterToken: string): OpenSession {
    const open = [...this.#byToken.values()].find((one) => one.masterToken === masterToken);
    if (open === undefined || this.#now() >= open.renewedAt + MASTER_TOKEN_SECONDS * 1000)
      throw new SnowflakeError("390114", "08001", "Authentication token has expired.");
    this.#byToken.delete(open.token);
    open.token = randomUUID();
    open.renewedAt = this.#now();
    this.#byToken.set(open.token, open);
    return open;
  }

  async end(open: OpenSession): Promise<void> {
    if (!this.#byToken.delete(open.token)) return;
    for (const controller of open.running.values()) controller.abort(cancelled());
    await open.lastStatement;
    await closeSession(this.#engine, open.session);
  }

  #now(): number {
    return this.#engine.clock().valueOf();
  }

  async endAll(): Promise<void> {
    for (const open of [...this.#byToken.values()]) await this.end(open);
  }
}

export function cancelled(): SnowflakeError {
  return new SnowflakeError("000604", "57014", "SQL execution canceled");
}
