import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type Bind, readBinds } from "./binds.js";
import { notEmulated, SnowflakeError } from "./errors.js";
import { interpret } from "./interpreter.js";
import type { OpenSession } from "./open-sessions.js";
import type { Ending } from "./query-results.js";
import { endingReply, inProgress, type Reply } from "./replies.js";
import { isObject, isSet, type Json, part, text } from "./requests.js";
import type { Engine } from "./session.js";

/**
 * Executes the statement of a query-request, in its session's turn, and answers; refusals are answers too. What is sent
 * to run by itself (`asyncExec`) is answered with its query id at once.
 */
export function answerQuery(
  engine: Engine,
  open: OpenSession,
  { requestId, body, delayMs }: QueryRequest,
): Promise<Reply> {
  const controller = new AbortController();
  const queryId = randomUUID();
  open.running.set(requestId, controller).set(queryId, controller);
  const ended = open.lastStatement.then(async () => {
    const ending = await execute(engine, open, { body, queryId, controller, delayMs });
    open.running.delete(requestId);
    open.running.delete(queryId);
    return ending;
  });
  open.lastStatement = ended;
  engine.results.add(queryId, open.session.user, ended);
  if (isSet(body, "asyncExec")) return Promise.resolve(inProgress(queryId));
  return ended.then((ending) => endingReply(open.session, queryId, ending));
}

export interface QueryRequest {
  readonly requestId: string;
  readonly body: Json;
  readonly delayMs: number;
}

interface Execution {
  readonly body: Json;
  readonly queryId: string;
  readonly controller: AbortController;
  readonly delayMs: number;
}

async function execute(
  engine: Engine,
  { session }: OpenSession,
  { body, queryId, controller, delayMs }: Execution,
): Promise<Ending> {
  const limit = setTimeout(
    () => controller.abort(timedOut()),
    milliseconds(session.parameters.get("STATEMENT_TIMEOUT_IN_SECONDS")),
  );
  const interrupt = () => session.connection.interrupt();
  controller.signal.addEventListener("abort", interrupt);
  try {
    if (delayMs > 0) await wait(delayMs, undefined, { signal: controller.signal });
    const outcome = await interpret(engine, session, {
      sql: text(body, "sqlText"),
      binds: readBinds(bindings(body), isSet(body, "describeOnly")),
      describeOnly: isSet(body, "describeOnly"),
      patience: {
        timeoutMs: milliseconds(session.parameters.get("LOCK_TIMEOUT")),
        signal: controller.signal,
      },
    });
    return { outcome };
  } catch (error) {
    const reason: unknown = controller.signal.aborted ? controller.signal.reason : error;
    return { refusal: asRefusal(reason) };
  } finally {
    clearTimeout(limit);
    session.lastQueryId = queryId;
    controller.signal.removeEventListener("abort", interrupt);
  }
}

/** A fault of the emulator itself is told to whoever sent the statement: it must not look like a lost connection. */
function asRefusal(reason: unknown): SnowflakeError {
  if (reason instanceof SnowflakeError) return reason;
  return new SnowflakeError("000603", "XX000", `SQL execution internal error: ${String(reason)}`);
}

/** How many answers a session's drivers may ask for again. */
const KEPT_ANSWERS = 200;

/** Remembers an answer, and forgets the oldest. */
export function keep<T>(answers: Map<string, T>, name: string, answer: T): void {
  answers.set(name, answer);
  const [oldest] = answers.keys();
  if (answers.size > KEPT_ANSWERS && oldest !== undefined) answers.delete(oldest);
}

/** Seconds of a parameter, as long as a timer can be. */
function milliseconds(seconds = "0"): number {
  return Math.min(Number(seconds) * 1000, 2 ** 31 - 1);
}

function timedOut(): SnowflakeError {
  return new SnowflakeError(
    "000630",
    "57014",
    "Statement reached its statement or warehouse timeout and was canceled.",
  );
}

function bindings(body: Json): Readonly<Record<string, Bind>> {
  if ("MULTI_STATEMENT_COUNT" in part(body, "parameters")) {
    throw notEmulated("MULTI_STATEMENT_COUNT");
  }
  const given = Object.entries(part(body, "bindings"));
  return Object.fromEntries(
    given.map(([place, bind]) => {
      if (!isObject(bind)) throw notEmulated("a bound value that is not an object");
      const { type, value } = bind;
      return [place, { type: String(type), value }];
    }),
  );
}
