import type { Exchange } from "./exchange.js";

/** An answer that the emulator gives though the contract does not list it. */
export interface Difference {
  readonly name: string;
  /** Of all operations if left out. */
  readonly operations?: readonly string[];
  readonly status: number;
  /** The component schema that the answer has instead. */
  readonly schema: string;
  readonly isMeant: (exchange: Exchange) => boolean;
  /** Why the behaviour notes, or the contract's own words, ask for it. */
  readonly reason: string;
}

const always = () => true;
const isNotRouted = ({ received }: Exchange) => received.includes('"Cannot GET ');

export const DIFFERENCES: readonly Difference[] = [
  {
    name: "a rate limit",
    status: 429,
    schema: "AnyError",
    isMeant: always,
    reason:
      "The notes: 429 occurs, back off. The contract has the answer among its components, but lists it for sign-in alone.",
  },
  {
    name: "a delete with a token that is no good",
    operations: ["deletePipeline"],
    status: 401,
    schema: "GatewayError",
    isMeant: always,
    reason:
      "The notes: a 401 with {msg} means that the header customer_name is missing. So a token that is no good must be told apart from it.",
  },
  {
    name: "a reset to what is neither text nor number",
    operations: ["resetJobState"],
    status: 422,
    schema: "DetailValidation",
    isMeant: always,
    reason:
      "The notes count the validation of a reset among the unknown, and the contract lists no refusal. A success would clear the bookmark by mistake.",
  },
  {
    name: "the history of a pipeline that is not there",
    operations: ["listPipelineRuns", "listPipelineRunsAlias"],
    status: 404,
    schema: "DetailException",
    isMeant: (exchange) => !isNotRouted(exchange),
    reason:
      "The contract lists no answer for it; its siblings give this one, and an empty history would say that the pipeline is there.",
  },
  {
    name: "the history under the path that is not routed",
    operations: ["listPipelineRuns"],
    status: 404,
    schema: "GatewayError",
    isMeant: isNotRouted,
    reason:
      "The notes: use /pipeline_run, fall back on route-not-found. A switch asks for it; the contract lists the answer for the other path alone.",
  },
  {
    name: "the method of sync-mode that is not routed",
    operations: ["updateJdbcSyncMode", "updateJdbcSyncModePost"],
    status: 405,
    schema: "DetailString",
    isMeant: always,
    reason: "The notes: on 405 or route-not-found the other method is used. A switch asks for it.",
  },
  {
    name: "a body that is no JSON, or an address that cannot be decoded",
    status: 400,
    schema: "GatewayError",
    isMeant: ({ sent, path }) => !isJson(sent) || !isDecodable(path),
    reason:
      "The notes list {message, statusCode} among the shapes of errors: the gateway's own, before any operation. The contract describes operations only.",
  },
];

export function isJson(text: string): boolean {
  if (text.trim() === "") return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
