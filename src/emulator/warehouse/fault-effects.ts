import { type Call, send } from "./calls.js";
import { SnowflakeError } from "./errors.js";
import type { FaultAction } from "./faults.js";
import { type Reply, refused } from "./replies.js";

/** What a fault can do to the answering of one request. */
export interface Effects {
  readonly perform: (delayMs: number) => Promise<Reply>;
  /** Forgets the answer, so that the request is executed anew when it comes again. */
  readonly forget?: () => void;
  /** Ends the session. */
  readonly end?: () => Promise<void>;
}

/** Answers, after what the chosen fault does to it. */
export async function answerWithFault(
  call: Call,
  action: FaultAction,
  effects: Effects,
): Promise<void> {
  switch (action.kind) {
    case "none":
      return send(call, 200, await effects.perform(0));
    case "delay":
      return send(call, 200, await effects.perform(action.ms));
    case "run":
      await action.work();
      return send(call, 200, await effects.perform(0));
    case "drop-before":
      call.request.socket.destroy();
      return;
    case "drop-after":
      await effects.perform(0);
      if (action.forgets === true) effects.forget?.();
      call.request.socket.destroy();
      return;
    case "status":
      return send(call, action.status, { data: null, code: null, message: null, success: false });
    case "error":
      if (action.code === SESSION_GONE) await effects.end?.();
      return send(
        call,
        200,
        refused(new SnowflakeError(action.code, action.sqlState, action.message)),
      );
  }
}

const SESSION_GONE = "390111";
