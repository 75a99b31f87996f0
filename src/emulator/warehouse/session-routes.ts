import { type Call, send } from "./calls.js";
import { cancelled, MASTER_TOKEN_SECONDS, TOKEN_SECONDS } from "./open-sessions.js";
import type { Ending } from "./query-results.js";
import { endingReply, type Reply, succeeded } from "./replies.js";
import { text, tokenOf } from "./requests.js";

/** Cancels a running statement, named by its request id or in the path by its query id. */
export async function abort(call: Call): Promise<void> {
  const { running } = call.service.sessions.find(tokenOf(call.request));
  const name = text(call.body, "requestId");
  const controller = running.get(name === "" ? queryIdOf(call) : name);
  controller?.abort(cancelled());
  send(call, 200, succeeded(null));
}

/** The result of a query, once more; of one that still runs, when it has ended. */
export async function result(call: Call): Promise<void> {
  const { session, found } = findQuery(call);
  const ending = await found?.ended;
  send(
    call,
    200,
    ending === undefined ? UNKNOWN_QUERY : endingReply(session, queryIdOf(call), ending),
  );
}

export async function status(call: Call): Promise<void> {
  const { found } = findQuery(call);
  const queries = found === undefined ? [] : [{ id: queryIdOf(call), ...standing(found.ending) }];
  send(call, 200, succeeded({ queries }));
}

function standing(ending: Ending | undefined) {
  if (ending === undefined) return { status: "RUNNING" };
  if ("outcome" in ending) return { status: "SUCCESS" };
  const { code, message } = ending.refusal;
  return { status: "FAILED_WITH_ERROR", errorCode: code, errorMessage: message };
}

const UNKNOWN_QUERY: Reply = {
  data: null,
  code: "000709",
  message: "Statement not found",
  success: false,
};

function findQuery(call: Call) {
  const { sessions, engine } = call.service;
  const { session } = sessions.find(tokenOf(call.request));
  return { session, found: engine.results.find(queryIdOf(call), session.user) };
}

function queryIdOf({ url }: Call): string {
  return /\/queries\/([^/]+)/.exec(url.pathname.replaceAll("//", "/"))?.[1] ?? "";
}

export async function heartbeat(call: Call): Promise<void> {
  call.service.sessions.find(tokenOf(call.request));
  send(call, 200, succeeded(null));
}

/** A new session token for an expired one; the request shows the master token. */
export async function renew(call: Call): Promise<void> {
  const open = call.service.sessions.renew(tokenOf(call.request));
  send(
    call,
    200,
    succeeded({
      sessionToken: open.token,
      validityInSecondsST: TOKEN_SECONDS,
      masterToken: open.masterToken,
      validityInSecondsMT: MASTER_TOKEN_SECONDS,
      sessionId: Number(open.session.id),
    }),
  );
}

export async function leave(call: Call): Promise<void> {
  const { sessions } = call.service;
  await sessions.end(sessions.find(tokenOf(call.request)));
  send(call, 200, succeeded(null));
}

/** Telemetry is taken and thrown away. */
export async function acknowledge(call: Call): Promise<void> {
  send(call, 200, succeeded(null));
}
