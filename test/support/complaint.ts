import assert from "node:assert/strict";
import type { World } from "./world.js";

/** What a verb said when it failed, as Pulumi hears it. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly happened: string;
  readonly now: string;
  readonly next: string;
  /** What Pulumi keeps of a resource that is only half made. */
  readonly half: {
    readonly id?: string;
    readonly properties?: Record<string, unknown>;
    readonly reasons?: readonly string[];
  };
}

/** The failure of a verb. Every one has three lines, none of them empty, and shows no stack. */
export async function complaintOf(work: Promise<unknown>): Promise<Complaint> {
  const error = await work.then(
    () => assert.fail("it succeeded"),
    (failure: unknown) => failure,
  );
  assert.ok(error instanceof Error);
  const [happened = "", now = "", next = "", ...more] = error.message.split("\n");
  assert.deepEqual(more, [], `more than three lines: ${error.message}`);
  assert.ok(
    [happened, now, next].every((line) => line.trim() !== ""),
    error.message,
  );
  assert.doesNotMatch(`${error.message}${error.stack}`, /^\s+at /m);
  assert.equal(error.cause, undefined);
  const half = error as Complaint["half"];
  const code = String(error).replace("pulumi-dadosfera: ", "");
  return { code, message: error.message, happened, now, next, half };
}

/** What was sent to Maestro to change something, as `PATCH /platform/…`. */
export function writesOf({ emulator }: World): readonly string[] {
  return emulator.requests
    .filter(({ method, path }) => method !== "GET" && path.startsWith("/platform/"))
    .map(({ method, path }) => `${method} ${path}`);
}

/** The bodies of what was sent to Maestro to change something. */
export function bodiesOf({ emulator }: World): readonly unknown[] {
  return emulator.requests
    .filter(({ method, path }) => method !== "GET" && path.startsWith("/platform/"))
    .map(({ body }) => body);
}
