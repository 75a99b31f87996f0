import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";

type Body = Readonly<Record<string, unknown>>;

/** A reply as it stands on the wire. */
export interface WireReply {
  readonly data: Record<string, unknown>;
  readonly code: string | null;
  readonly success: boolean;
}

/** A client that sends what it is told, so that a request can be any driver's. */
export class WireClient {
  readonly #url: string;
  #token = "";

  constructor(url: string) {
    this.#url = url;
  }

  /** Signs in as the default user, unless the data says otherwise; `query` is what follows the question mark. */
  async logIn(query = "", data: Body = {}): Promise<WireReply> {
    const reply = await this.post(`/session/v1/login-request${query}`, {
      data: { LOGIN_NAME: "dadosfera", PASSWORD: "dadosfera", AUTHENTICATOR: "SNOWFLAKE", ...data },
    });
    if (reply.success) this.#token = String(reply.data["token"]);
    return reply;
  }

  query(sqlText: string, rest: Body = {}): Promise<WireReply> {
    return this.post(`/queries/v1/query-request?requestId=${randomUUID()}`, { sqlText, ...rest });
  }

  async get(path: string): Promise<WireReply> {
    return (
      await fetch(`${this.#url}${path}`, { headers: this.#headers() })
    ).json() as Promise<WireReply>;
  }

  async post(path: string, body: Body, zipped = false): Promise<WireReply> {
    const text = JSON.stringify(body);
    const answer = await fetch(`${this.#url}${path}`, {
      method: "POST",
      headers: { ...this.#headers(), ...(zipped ? { "content-encoding": "gzip" } : {}) },
      body: zipped ? gzipSync(text) : text,
    });
    return (await answer.json()) as WireReply;
  }

  #headers(): Record<string, string> {
    return { authorization: `Snowflake Token="${this.#token}"` };
  }
}
