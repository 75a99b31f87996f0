import type { Program } from "./program.js";
import type { Fault } from "./world/faults.js";
import type { Nature } from "./world/world.js";

/** Something that happens at the source, at Maestro or to the time, whatever a change is doing. */
export type Happening =
  | { readonly kind: "insert"; readonly hasFraction: boolean }
  | { readonly kind: "insert without cursor" }
  | { readonly kind: "update"; readonly nth: number; readonly hasFraction: boolean }
  | { readonly kind: "edit"; readonly nth: number }
  | { readonly kind: "delete"; readonly nth: number }
  | { readonly kind: "foreign run" }
  | { readonly kind: "failing runs"; readonly count: number }
  | { readonly kind: "time passes"; readonly ms: number };

/** What happens to one process: at its nth request or statement. */
export interface Trouble {
  readonly faults: readonly { readonly at: number; readonly fault: Fault }[];
  readonly happenings: readonly { readonly at: number; readonly happening: Happening }[];
  readonly rhythm: readonly number[];
}

/** A command that somebody gives. Programs are counted; 0 is the one before every change. */
export type Step =
  | {
      readonly kind: "up";
      readonly program: number;
      readonly trouble: Trouble;
      /** The engine is killed, or both it and its provider go on as an orphan: the state is not written. */
      readonly isEngineKilled: boolean;
      /** A second `up` at the same time, of another stack. */
      readonly beside?: { readonly program: number; readonly trouble: Trouble } | undefined;
    }
  | { readonly kind: "refresh" }
  | { readonly kind: "destroy"; readonly trouble: Trouble }
  | { readonly kind: "happenings"; readonly happenings: readonly Happening[] };

/** A story: a world, what it holds before anybody changes anything, and what is done then. */
export interface Script {
  readonly nature: Nature;
  /** Each ends with a run. */
  readonly history: readonly (readonly Happening[])[];
  readonly programs: readonly Program[];
  readonly steps: readonly Step[];
  /** The program of the two calm `up`s at the end. */
  readonly last: number;
}
