import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server does with a request, well or badly. */
export type Reaction =
  | { readonly kind: "answer"; readonly status: number; readonly body: unknown }
  /** Takes the request, then closes the connection without a word. */
  | { readonly kind: "close-before" }
  /** Announces a body, sends a part of it, and closes the connection. */
  | { readonly kind: "close-during"; readonly body?: unknown }
  /** Answers in full, and closes the connection at once. */
  | { readonly kind: "close-after"; readonly body: unknown }
  /** Ends the answer properly in the middle of its JSON. */
  | { readonly kind: "half-body"; readonly body: unknown }
  | { readonly kind: "html"; readonly status: number; readonly html: string }
  | { readonly kind: "empty"; readonly status: number }
  | { readonly kind: "too-many"; readonly retryAfter?: string }
  | { readonly kind: "never" };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed, or `undefined` if there was none. */
  readonly body: unknown;
}

export interface HostileServer extends AsyncDisposable {
  readonly url: string;
  /** Every request that arrived whole, in order. */
  readonly requests: readonly SeenRequest[];
}

/** A real server on loopback that reacts to each request as told. `reactTo` may be asynchronous, to hold an answer back. */
export async function startHostileServer(
  reactTo: (request: SeenRequest) => Reaction | Promise<Reaction>,
): Promise<HostileServer> {
  const requests: SeenRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const request = {
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      headers: incoming.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
    requests.push(request);
    react(response, await reactTo(request));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function react(response: ServerResponse, reaction: Reaction): void {
  switch (reaction.kind) {
    case "answer":
      send(response, reaction.status, JSON.stringify(reaction.body));
      break;
    case "close-before":
      response.socket?.destroy();
      break;
    case "close-during": {
      const json = JSON.stringify(reaction.body ?? { status: true });
      response.writeHead(200, { "content-length": json.length * 2, ...JSON_TYPE });
      response.write(json, () => response.socket?.destroy());
      break;
    }
    case "close-after":
      response.on("finish", () => response.socket?.destroySoon());
      send(response, 200, JSON.stringify(reaction.body));
      break;
    case "half-body": {
      const json = JSON.stringify(reaction.body);
      send(response, 200, json.slice(0, Math.ceil(json.length / 2)));
      break;
    }
    case "html":
      response.writeHead(reaction.status, { "content-type": "text/html" }).end(reaction.html);
      break;
    case "empty":
      response.writeHead(reaction.status).end();
      break;
    case "too-many":
      if (reaction.retryAfter !== undefined) response.setHeader("retry-after", reaction.retryAfter);
      send(response, 429, JSON.stringify({ statusCode: 429, message: "Too Many Requests" }));
      break;
    case "never":
      break;
  }
}

const JSON_TYPE = { "content-type": "application/json" };

function send(response: ServerResponse, status: number, json: string): void {
  response.writeHead(status, JSON_TYPE).end(json);
}
