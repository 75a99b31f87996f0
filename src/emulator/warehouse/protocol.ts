import type { IncomingMessage, ServerResponse } from "node:http";
import { type Call, type Route, type Service, send } from "./calls.js";
import { SnowflakeError } from "./errors.js";
import { logIn } from "./login-route.js";
import { query } from "./query-route.js";
import { refused, succeeded } from "./replies.js";
import { readBody } from "./requests.js";
import { abort, acknowledge, heartbeat, leave, renew, result, status } from "./session-routes.js";

/** Answers one request of a driver: JSON with status 200, whatever becomes of it, or 404 for unknown routes. */
export async function answer(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const call = { service, request, response, url };
  try {
    await answerRoute({ ...call, body: await readBody(request) });
  } catch (error) {
    // A fault of the emulator itself is told to the driver: it must not look like a lost connection.
    const known = error instanceof SnowflakeError;
    const text = `SQL execution internal error: ${String(error)}`;
    send(call, 200, refused(known ? error : new SnowflakeError("000603", "XX000", text)));
  }
}

async function answerRoute(call: Call): Promise<void> {
  const route = findRoute(call.request.method ?? "", call.url);
  if (route === undefined) send(call, 404, { ...succeeded(null), success: false });
  else await route(call);
}

const ROUTES: readonly (readonly [string, RegExp, Route])[] = [
  ["POST", /^\/session\/v1\/login-request$/, logIn],
  ["POST", /^\/telemetry\/send$/, acknowledge],
  ["POST", /^\/queries\/v1\/query-request$/, query],
  ["POST", /^\/queries\/v1\/abort-request$/, abort],
  ["POST", /^\/queries\/[^/]+\/abort-request$/, abort],
  ["GET", /^\/queries\/[^/]+\/result$/, result],
  ["GET", /^\/monitoring\/queries\/[^/]+$/, status],
  ["POST", /^\/session\/heartbeat$/, heartbeat],
  ["POST", /^\/session\/token-request$/, renew],
  ["POST", /^\/session$/, leave],
];

/** Python's connector 5 sends two slashes where the path has one. */
function findRoute(method: string, url: URL): Route | undefined {
  const pathname = url.pathname.replaceAll("//", "/");
  return ROUTES.find(([verb, path]) => verb === method && path.test(pathname))?.[2];
}
