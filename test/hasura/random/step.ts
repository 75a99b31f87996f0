import type { RandomSchema } from "./schema.js";

export interface RandomMigration {
  /** 13 digits, each greater than the one before. */
  readonly version: string;
  readonly name: string;
  readonly up: string;
  readonly down: string;
  /** What of the state before comes back: all of it, all but the order of columns or rows, or less. */
  readonly inverse: "exact" | "position" | "lossy";
}

/** What a step is drawn from. */
export interface Draw {
  readonly kind: number;
  readonly table: number;
  readonly column: number;
  readonly type: number;
  readonly values: readonly number[];
  /** Whether the last statement of each file ends in one. */
  readonly semicolon: boolean;
}

export interface Made {
  readonly name: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly inverse: RandomMigration["inverse"];
  readonly next: RandomSchema;
}

/** Makes a step, or nothing where the schema has nothing to do it on. */
export type Step = (draw: Draw, schema: RandomSchema) => Made | undefined;

export function chosen<Each>(values: readonly Each[], number: number): Each | undefined {
  return values[number % values.length];
}
