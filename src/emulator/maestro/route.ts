import type { IncomingHttpHeaders } from "node:http";
import type { TurnableClock } from "../clock.js";
import type { Account, Accounts } from "./accounts.js";
import { customerId } from "./accounts.js";
import { type Answer, jobNotFound, pipelineNotFound } from "./answers.js";
import type { Runs } from "./runs.js";
import type { Job, Pipeline, Store } from "./store.js";
import type { Switches } from "./switches.js";

/** What the operations work with. */
export interface MaestroWorld {
  readonly clock: TurnableClock;
  readonly store: Store;
  readonly switches: Switches;
  readonly accounts: Accounts;
  readonly runs: Runs;
}

export interface RoutedRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface AuthorizedRequest extends RoutedRequest {
  readonly account: Account;
}

/** One operation: a method, a path whose `:names` are parameters, and what it does. */
export type Route =
  | {
      readonly access: "public";
      readonly method: string;
      readonly path: string;
      readonly handle: (request: RoutedRequest, world: MaestroWorld) => Answer;
    }
  | {
      readonly access: "token";
      readonly method: string;
      readonly path: string;
      readonly handle: (request: AuthorizedRequest, world: MaestroWorld) => Answer;
    };

/** The route of a request and the parameters in its path. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | undefined {
  for (const route of routes) {
    const params = route.method === method ? matchPath(route.path, path) : undefined;
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

/** The tenant's pipeline, in either spelling of its id, or undefined. */
export function findPipeline(
  id: string,
  request: AuthorizedRequest,
  world: MaestroWorld,
): Pipeline | undefined {
  const pipeline = world.store.findPipeline(id);
  return pipeline?.customerId === customerId(request.account) ? pipeline : undefined;
}

/** The tenant's pipeline; throws the usual 404. */
export function requirePipeline(
  id: string,
  request: AuthorizedRequest,
  world: MaestroWorld,
): Pipeline {
  const pipeline = findPipeline(id, request, world);
  if (pipeline === undefined) throw pipelineNotFound(id);
  return pipeline;
}

/** The job that the path names and its pipeline; throws the usual 404. */
export function requireJob(
  request: AuthorizedRequest,
  world: MaestroWorld,
): { readonly job: Job; readonly pipeline: Pipeline } {
  const id = request.params["jobId"] ?? "";
  const job = world.store.findJob(id);
  const pipeline = job && findPipeline(job.pipelineId, request, world);
  if (job === undefined || pipeline === undefined) throw jobNotFound(id);
  return { job, pipeline };
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const [expected, given] = [pattern.split("/"), path.split("/")];
  if (expected.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const value = decodeURIComponent(given[index] ?? "");
    if (part.startsWith(":")) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}
