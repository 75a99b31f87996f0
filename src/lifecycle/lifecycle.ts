import type { Trouble } from "../domain/errors.js";
import type { Context } from "./context.js";

/** What Pulumi's verbs mean for one resource, in the order of its life. Absence is an answer: `read` gives undefined, `delete` succeeds. */
export interface Lifecycle<News, Inputs, Outputs> {
  /** Pure: fills in what follows from the inputs, and refuses what cannot be. `olds` is undefined for a new resource. */
  check(olds: Inputs | undefined, news: News): Checked<Inputs>;
  /** Whether an update is needed. */
  diff(olds: Outputs, news: Inputs, context: Context): Promise<boolean>;
  /** Asks outside services, for an update that is needed: shows what it will do, and refuses now what it would refuse then. */
  show?(olds: Outputs, news: Inputs, context: Context): Promise<void>;
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

/** What a check makes of the arguments, and all that is wrong with them. */
export interface Checked<Inputs> {
  readonly inputs: Inputs;
  readonly refusals: readonly Trouble[];
}

/** The same for a resource whose arguments name files: what stands in them is read into its inputs. */
export interface FileLifecycle<News, Inputs, Outputs>
  extends Omit<Lifecycle<News, Inputs, Outputs>, "check"> {
  checkFiles(
    olds: Inputs | undefined,
    news: News,
    contextOf: () => Promise<Context>,
  ): Promise<Checked<Inputs>>;
}
