import type { JobId, PipelineId } from "../domain/job-id.js";
import type { Repeat } from "./retry.js";

/** One request to Maestro, with what an error about it has to say. */
export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Completes "Could not …": a verb, then the resource by kind and id. */
  readonly intent: string;
  readonly about: Subject;
  readonly repeat: Repeat;
  /** The exception type of a refusal that means: it is so already. */
  readonly alreadySo?: string;
  readonly beforeSend?: BeforeSend | undefined;
}

/**
 * Called right before each attempt leaves, after all waiting; what it throws keeps the attempt from being sent. With it an effect can be
 * tied to a lease: a request that waited its turn must not leave if its deadline would end after the lease does.
 */
export type BeforeSend = () => void;

/** What a not-found answer would be about. */
type Subject =
  | { readonly kind: "pipeline"; readonly id: PipelineId }
  | { readonly kind: "job"; readonly id: JobId }
  | { readonly kind: "tenant" };

/** Whether Maestro may have changed something when its answer is lost. */
export function isEffect(operation: Operation): boolean {
  // What concerns the tenant alone (signing in) may be lost or done twice, and nobody's data is touched.
  return operation.method !== "GET" && operation.about.kind !== "tenant";
}

/** An operation that concerns one pipeline, and states a result. */
export function onPipeline(
  id: PipelineId,
  method: Operation["method"],
  path: string,
  verb: string,
): Operation {
  const intent = `${verb} pipeline ${id}`;
  return { method, path, intent, about: { kind: "pipeline", id }, repeat: "always" };
}

/** A read that concerns no pipeline in particular. */
export function readTenant(path: string, intent: string): Operation {
  return { method: "GET", path, intent, about: { kind: "tenant" }, repeat: "always" };
}
