import type { StackLocation } from "./session.js";

export type EngineVerb = "preview" | "up" | "refresh" | "destroy" | "export";

export interface EngineCommand extends StackLocation {
  readonly verb: EngineVerb;
  /** `preview` prints one JSON document instead of text. */
  readonly json?: boolean;
  /** Shows all inputs of what changes, as a tree. */
  readonly diff?: boolean;
  /** How many provider calls may run at once. */
  readonly parallel?: number;
  /** Does `up`, `refresh` and `destroy` without asking. */
  readonly yes?: boolean;
  /** Leaves out the preview before `up` and `destroy`. */
  readonly skipPreview?: boolean;
  /** `refresh` drops creates that were cut off and whose end nobody knows. */
  readonly clearPendingCreates?: boolean;
}

export interface EngineIo {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly isTty: boolean;
  /** Asks the person at the terminal; without it, or without a terminal, `yes` is required. */
  readonly confirm?: (question: string) => Promise<boolean>;
}
