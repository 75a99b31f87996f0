import { type Call, sending } from "./calls.js";
import { answerWithFault } from "./fault-effects.js";
import { answerQuery, keep } from "./query-requests.js";
import { text, tokenOf } from "./requests.js";

/** A statement. A request that comes again gets the answer that was made for it. */
export async function query(call: Call): Promise<void> {
  const { service, request, url, body } = call;
  const open = service.sessions.find(tokenOf(request));
  const sent = sending(url);
  const sql = text(body, "sqlText");
  const { id: session, user } = open.session;
  const action = service.faults.choose({ kind: "statement", sql, session, user, ...sent });
  const execute = (delayMs: number) => {
    const known = open.answers.get(sent.requestId);
    if (known !== undefined) return known;
    service.heard({ sql, session, user });
    const answered = answerQuery(service.engine, open, {
      requestId: sent.requestId,
      body,
      delayMs,
    });
    keep(open.answers, sent.requestId, answered);
    return answered;
  };
  await answerWithFault(call, action, {
    perform: execute,
    forget: () => open.answers.delete(sent.requestId),
    end: () => service.sessions.end(open),
  });
}
