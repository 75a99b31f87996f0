import fc from "fast-check";
import { spoilt, valuesOf, type Words } from "./arbitraries.js";
import type { Exchange } from "./exchange.js";
import type { Operation } from "./openapi.js";

/** What is known of a tenant: ids that exist, and credentials that are good. */
export interface Surroundings {
  readonly pipelineId: string;
  readonly token: string;
  readonly apiKey: string;
  readonly customerName: string;
}

export type FuzzedRequest = Pick<Exchange, "method" | "headers" | "sent"> & {
  readonly operationId: string;
  readonly url: string;
  /** Whether its pipeline is paused when it arrives. */
  readonly isPaused: boolean;
};

/** Requests to one operation, right and wrong: its address, its headers, its body. */
export function requestsTo(
  operation: Operation,
  words: Words,
  surroundings: Surroundings,
): fc.Arbitrary<FuzzedRequest> {
  return fc
    .record({
      url: addresses(operation, surroundings),
      headers: fc
        .tuple(credentials(surroundings), customerNames(surroundings))
        .map(([credential, name]) => ({
          ...credential,
          ...name,
          "content-type": "application/json",
        })),
      sent: bodies(operation, words),
      isPaused: fc.boolean(),
    })
    .map((request) => ({
      operationId: operation.operationId,
      method: operation.method,
      ...request,
    }));
}

function addresses({ template }: Operation, { pipelineId }: Surroundings): fc.Arbitrary<string> {
  const parts = template
    .split("/")
    .map((part) => (part.startsWith("{") ? ids(part, pipelineId) : fc.constant(part)));
  return fc.tuple(...parts).map((path) => path.join("/"));
}

function ids(part: string, pipelineId: string): fc.Arbitrary<string> {
  const known = part === "{jobId}" ? `${pipelineId}-0` : pipelineId;
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).map(encodeURIComponent);
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(known, known.replaceAll("-", "_")) },
    { weight: 2, arbitrary: fc.uuid() },
    { weight: 2, arbitrary: text },
    { weight: 1, arbitrary: fc.constant("%E0%A4%A") },
  );
}

function credentials({ token, apiKey }: Surroundings) {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant({ authorization: token }) },
    { weight: 2, arbitrary: fc.constant({ "x-api-key": apiKey }) },
    { weight: 1, arbitrary: fc.constant({ authorization: `Bearer ${token}` }) },
    { weight: 1, arbitrary: fc.constantFrom({}, { "x-api-key": "ddf_none" }) },
  );
}

function customerNames({ customerName }: Surroundings) {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant({ customer_name: customerName }) },
    fc.constantFrom({}, { customer_name: "" }, { customer_name: "another" }),
  );
}

/** A text that is to be sent: what the schema describes, that with a flaw, any JSON, or none. */
function bodies({ body }: Operation, words: Words): fc.Arbitrary<string> {
  const odd = fc.oneof(
    fc.json({ maxDepth: 2 }),
    fc.constantFrom("", "{", "null", "[]", "{}", "\u0000", '{"__proto__":{"id":1}}'),
  );
  if (body === undefined) return fc.oneof({ weight: 9, arbitrary: fc.constant("") }, odd);
  const example = fc.constantFrom(...body.examples);
  const values = fc.oneof(example, valuesOf(body.schema, words));
  return fc.oneof(
    { weight: 4, arbitrary: values.map((value) => JSON.stringify(value)) },
    { weight: 4, arbitrary: spoilt(values).map((value) => JSON.stringify(value) ?? "") },
    { weight: 1, arbitrary: odd },
  );
}
