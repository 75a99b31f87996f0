import type { Trouble } from "../domain/errors.js";
import type { Context } from "./context.js";

/** What Pulumi's verbs mean for one resource, in the order of its life. Absence is an answer: `read` gives undefined, `delete` succeeds. */
export interface Lifecycle<News, Inputs, Outputs> {
  /** Pure: fills in what follows from the inputs, and refuses what cannot be. `olds` is undefined for a new resource. */
  check(
    olds: Inputs | undefined,
    news: News,
  ): { readonly inputs: Inputs; readonly refusals: readonly Trouble[] };
  /** Whether an update is needed. Asks outside services only if it is, to show the reviewer what it will do. */
  diff(olds: Outputs, news: Inputs, context: Context): Promise<boolean>;
  create(
    inputs: Inputs,
    context: Context,
  ): Promise<{ readonly id: string; readonly outputs: Outputs }>;
  /** The resource as it is at Maestro. */
  read(
    outputs: Outputs,
    context: Context,
  ): Promise<{ readonly inputs: Inputs; readonly outputs: Outputs } | undefined>;
  update(olds: Outputs, news: Inputs, context: Context): Promise<Outputs>;
  delete(outputs: Outputs, context: Context): Promise<void>;
}
