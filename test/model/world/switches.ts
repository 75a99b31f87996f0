/** The answers to the unknowns of Maestro that can matter to rows, state, schedule or runs: see the emulator's switches. */
export interface ModelSwitches {
  readonly resumeAt: ">" | ">=";
  readonly failedRunKeepsRows: boolean;
  readonly failedRunMovesBookmark: boolean;
  readonly runsListedLateMs: number;
  readonly cronNullObeyedLateMs: number;
  readonly onceRestoredRuns: boolean;
  readonly sourceClockOffsetMs: number;
  readonly bookmarkClock: "source" | "destination";
  readonly resetTruncatesFractions: boolean;
  readonly fullExtractionSkipsNullCursors: boolean;
  readonly staged: "view" | "table";
  readonly patchInputClearsState: boolean;
}

type Values = { readonly [Name in keyof ModelSwitches]: readonly ModelSwitches[Name][] };

/** The values that the model tries of each switch, the emulator's default first. */
export const SWITCH_VALUES: Values = {
  resumeAt: [">", ">="],
  failedRunKeepsRows: [false, true],
  failedRunMovesBookmark: [false, true],
  runsListedLateMs: [0, 5000, 45_000],
  cronNullObeyedLateMs: [0, 90_000],
  onceRestoredRuns: [false, true],
  sourceClockOffsetMs: [0, 10_800_000, -10_800_000],
  bookmarkClock: ["source", "destination"],
  resetTruncatesFractions: [false, true],
  fullExtractionSkipsNullCursors: [false, true],
  staged: ["view", "table"],
  patchInputClearsState: [false, true],
};
