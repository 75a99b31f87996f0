import { request as ask, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { listen } from "#src/emulator/listener.js";

/** A request as it went over the wire, and its answer. */
export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as it was sent; empty if there was none. */
  readonly sent: string;
  readonly status: number;
  readonly contentType: string | undefined;
  readonly received: string;
}

/** What stands between a client and a server, hands everything on, and remembers it. */
export interface Recorder extends AsyncDisposable {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
}

export async function startRecorder(serverUrl: string): Promise<Recorder> {
  const exchanges: Exchange[] = [];
  const listener = await listen("127.0.0.1", 0, async (request, response) => {
    const { method = "", url = "", headers } = request;
    const exchange = await send(serverUrl, { method, url, headers, sent: await text(request) });
    exchanges.push(exchange);
    response.writeHead(exchange.status, { "content-type": exchange.contentType ?? "" });
    response.end(exchange.received);
  });
  return {
    url: `http://127.0.0.1:${listener.port}`,
    exchanges,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

/** Sends one request on a connection of its own; rejects if that is closed without an answer. */
export async function send(
  serverUrl: string,
  request: Pick<Exchange, "method" | "headers" | "sent"> & { readonly url: string },
): Promise<Exchange> {
  const { method, url, headers, sent } = request;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = ask(
      `${serverUrl}${url}`,
      { method, agent: false, headers: { ...headers, ...framing(sent) } },
      resolve,
    );
    outgoing.once("error", reject);
    outgoing.end(sent);
  });
  return {
    method,
    path: url.split("?")[0] ?? "",
    headers,
    sent,
    status: answer.statusCode ?? 0,
    contentType: answer.headers["content-type"],
    received: await text(answer),
  };
}

function framing(sent: string): Readonly<Record<string, string>> {
  return { connection: "close", "content-length": String(Buffer.byteLength(sent)) };
}
