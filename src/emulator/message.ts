import type { IncomingMessage, ServerResponse } from "node:http";

/** What a service answers; a string is sent as it is, anything else as JSON. */
export interface Message {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as it arrived; credentials in the body are replaced by a word. */
export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** When, by the emulator's clock. */
  readonly at: Date;
}

/** The body of a request: undefined if there is none. One that is no JSON comes back as the error itself, so that an unknown route can still say that it is unknown. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

export function send(response: ServerResponse, { status, body, headers }: Message): void {
  const isText = typeof body === "string";
  const type = isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  response.writeHead(status, { "content-type": type, ...headers });
  if (body === undefined) response.end();
  else response.end(isText ? body : JSON.stringify(body));
}
