import type { PropertyMap } from "./property.js";
import type { ResourceState } from "./resource-state.js";

export type Operation =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "refresh"
  | "import";

/** One thing done, or in a preview to be done, to one resource. */
export interface Step {
  readonly operation: Operation;
  readonly urn: string;
  readonly old?: ResourceState;
  readonly new?: ResourceState;
  /** Changed inputs in short, such as `~size,+note`; empty if there is nothing to show. */
  readonly changed: string;
  /** The properties that a provider named as the reason for a replacement. */
  readonly replaceReasons?: readonly string[];
  /** What a refresh found. */
  readonly isFinding?: boolean;
  /** Nothing was asked of it: it is counted, and not shown. */
  readonly isUntouched?: boolean;
  /** A delete that leaves the thing itself alone. */
  readonly isRetained?: boolean;
}

export type Severity = "info" | "info#err" | "warning" | "error";

export type EngineEvent =
  | { readonly kind: "step-started"; readonly step: Step }
  | { readonly kind: "step-finished"; readonly step: Step; readonly seconds: number }
  /** `isPartial`: the thing is there, but not finished. */
  | { readonly kind: "step-failed"; readonly step: Step; readonly isPartial: boolean }
  | {
      readonly kind: "message";
      readonly severity: Severity;
      /** Absent for what concerns the stack as a whole. */
      readonly urn?: string;
      readonly text: string;
      readonly isEphemeral: boolean;
      /** Messages of one source are shown together. */
      readonly source: string;
    }
  | {
      readonly kind: "stack-outputs";
      readonly old: PropertyMap;
      readonly new: PropertyMap;
    };

export type Listener = (event: EngineEvent) => void;
