import { underscored } from "./ids.js";

/** What goes back over the wire: Maestro has five shapes of error, and each operation its own. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One problem of a body that failed validation. */
export interface Problem {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** An answer that ends the handling of a request where it is thrown. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with status ${answer.status}`);
    this.name = "Refusal";
    this.answer = answer;
  }
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** The gateway's own shape: `{message, error, statusCode}`. */
export function gateway(
  status: number,
  message: string | readonly string[],
  error?: string,
): Refusal {
  return new Refusal({
    status,
    body: { message, ...(error === undefined ? {} : { error }), statusCode: status },
  });
}

export function unauthorized(): Refusal {
  return gateway(401, "Unauthorized");
}

export function notRouted(method: string, path: string): Refusal {
  return gateway(404, `Cannot ${method} ${path}`, "Not Found");
}

export function tooManyRequests(retryAfterSeconds: number): Answer {
  return {
    status: 429,
    body: { statusCode: 429, message: "Too Many Requests" },
    headers: { "retry-after": String(retryAfterSeconds) },
  };
}

/** The platform's plain shape: `{detail: text}`. */
export function detail(status: number, text: string): Refusal {
  return new Refusal({ status, body: { detail: text } });
}

/** The platform's other shape: `{detail: {status: false, exception_type, traceback, data: null}}`. */
export function exception(status: number, type: string, traceback: string): Refusal {
  return new Refusal({
    status,
    body: { detail: { status: false, exception_type: type, traceback, data: null } },
  });
}

export function pipelineNotFound(id: string): Refusal {
  return exception(404, "PipelineNotFound", `Pipeline with id ${underscored(id)} not found`);
}

export function jobNotFound(id: string): Refusal {
  return detail(404, `job_id ${underscored(id)} not found`);
}

/** A body that failed schema validation: every problem at once. */
export function invalid(problems: readonly Problem[]): Refusal {
  return new Refusal({ status: 422, body: { detail: problems } });
}
