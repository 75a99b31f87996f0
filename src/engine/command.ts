import type { ImportEntry } from "./import-file.js";
import type { StackLocation } from "./session.js";
import type { Wish } from "./wish.js";

export const engineVerbs = [
  "preview",
  "up",
  "refresh",
  "destroy",
  "import",
  "cancel",
  "export",
] as const;

export type EngineVerb = (typeof engineVerbs)[number];

export interface EngineCommand extends StackLocation, Wish {
  readonly verb: EngineVerb;
  /** Prints JSON instead of text: one document for a preview, one event a line for a run. */
  readonly json?: boolean;
  /** Shows all inputs of what changes, as a tree. */
  readonly diff?: boolean;
  /** How many provider calls may run at once. */
  readonly parallel?: number;
  /** Does `up`, `refresh` and `destroy` without asking. */
  readonly yes?: boolean;
  /** `refresh`, `destroy` and `import` only show what they would do. */
  readonly previewOnly?: boolean;
  /** Shows unchanged resources too. */
  readonly showSames?: boolean;
  /** Ends with exit code 7 where anything changes, or would. */
  readonly expectNoChanges?: boolean;
  /** What `import` takes in: a file, or one resource. */
  readonly imports?: ImportEntry | { readonly file: string };
  /** `import` protects what it takes in from deletion, unless this is false. */
  readonly protect?: boolean;
  /** Leaves out the preview before `up`, `destroy` and `import`. */
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
