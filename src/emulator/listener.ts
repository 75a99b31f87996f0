import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A port that is served until disposed of. */
export interface Listener extends AsyncDisposable {
  readonly port: number;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Serves a port; 0 takes a free one. A handler that throws closes its connection without an answer. */
export async function listen(host: string, port: number, handle: Handler): Promise<Listener> {
  const server = createServer((request, response) => {
    serve(handle, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  handle: Handler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await handle(request, response);
}
