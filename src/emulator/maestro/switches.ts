/** One switch for each thing that nobody outside Dadosfera knows. The defaults are the best reading of what is published. */
export interface Switches {
  /** Where an incremental run resumes: strictly beyond the bookmark, or at it. */
  readonly resumeAt: ">" | ">=";
  /** Whether the rows that a failed run had extracted stay at the destination. */
  readonly failedRunKeepsRows: boolean;
  /** Whether a failed run moves the bookmark all the same. */
  readonly failedRunMovesBookmark: boolean;
  /** How long a run that has begun is missing from the list of runs. */
  readonly runsListedLateMs: number;
  /** How long the scheduler goes on with the old cron after it was set to null. */
  readonly cronNullObeyedLateMs: number;
  /** Whether writing `@once` to an existing pipeline starts a run. */
  readonly onceRestoredRuns: boolean;
  /** How much later (or, below zero, earlier) a timestamp cursor is stored at the destination than it stands at the source. */
  readonly sourceClockOffsetMs: number;
  /** By which of the two clocks the bookmark is kept and compared, where they differ. */
  readonly bookmarkClock: "source" | "destination";
  /** Whether a reset to a value drops its fraction of a second. */
  readonly resetTruncatesFractions: boolean;
  /** Whether the extraction of everything leaves out rows whose cursor is null. */
  readonly fullExtractionSkipsNullCursors: boolean;
  /** What the deduplicated object of `incremental_with_qualify` is; a table is made anew by each run. */
  readonly staged: "view" | "table";
  /** Whether PATCH input clears the bookmark. */
  readonly patchInputClearsState: boolean;
  /** What PATCH input makes of a stored null list (all columns): only those sent, or still all. */
  readonly patchedNullList: "narrows" | "stays";
  /** Which methods of sync-mode the gateway routes. */
  readonly syncModeMethod: "both" | "post" | "put";
  /** What the other method is answered with: the gateway's own 404, or a 405. */
  readonly unroutedMethodStatus: 404 | 405;
  /** Under which path the list of runs is found. */
  readonly runListPath: "pipeline_run" | "runs";
  /** Whether a sign-in succeeds without a token in the answer. */
  readonly signInWithoutToken: boolean;
  /** Whether a one-time code is refused when it comes a second time. */
  readonly totpCodesOnce: boolean;
  /** How a run looks: as recorded in a walkthrough, or as the reference shows it. */
  readonly runObjectStyle: "recorded" | "reference";
  /** How much GET job shows: as recorded in a walkthrough, or also connection, network and transformations, as the reference does. */
  readonly jobObjectStyle: "recorded" | "reference";
  /** How GET job spells the cursor's type: as it was sent, or as one of `number`, `date`, `timestamp`. */
  readonly cursorTypeOnRead: "native" | "coarse";
}

type Values = { readonly [Name in keyof Switches]: "milliseconds" | readonly Switches[Name][] };

/** The values that each switch may have, its default first; milliseconds are 0 by default. */
const VALUES: Values = {
  resumeAt: [">", ">="],
  failedRunKeepsRows: [false, true],
  failedRunMovesBookmark: [false, true],
  runsListedLateMs: "milliseconds",
  cronNullObeyedLateMs: "milliseconds",
  onceRestoredRuns: [false, true],
  sourceClockOffsetMs: "milliseconds",
  bookmarkClock: ["source", "destination"],
  resetTruncatesFractions: [false, true],
  fullExtractionSkipsNullCursors: [false, true],
  staged: ["view", "table"],
  patchInputClearsState: [false, true],
  patchedNullList: ["narrows", "stays"],
  syncModeMethod: ["both", "post", "put"],
  unroutedMethodStatus: [404, 405],
  runListPath: ["pipeline_run", "runs"],
  signInWithoutToken: [false, true],
  totpCodesOnce: [false, true],
  runObjectStyle: ["recorded", "reference"],
  jobObjectStyle: ["recorded", "reference"],
  cursorTypeOnRead: ["native", "coarse"],
};

export const defaultSwitches = Object.fromEntries(
  Object.entries(VALUES).map(([name, values]) => [name, Array.isArray(values) ? values[0] : 0]),
) as unknown as Switches;

/** Reads `name=value` lines as a command line gives them; throws one line that names the choices. */
export function parseSwitches(assignments: readonly string[]): Partial<Switches> {
  return Object.fromEntries(assignments.map(parseSwitch));
}

/** Each switch with the values it may have, for a help text. */
export function describeSwitches(): readonly string[] {
  return Object.entries(VALUES).map(([name, values]) => `${name}=${choices(values)}`);
}

function parseSwitch(assignment: string): readonly [string, unknown] {
  const [name = "", text = ""] = assignment.split(/=(.*)/s);
  const values = Object.entries(VALUES).find(([known]) => known === name)?.[1];
  if (values === undefined) {
    throw new Error(`There is no switch "${name}"; there are ${Object.keys(VALUES).join(", ")}.`);
  }
  const value =
    values === "milliseconds" ? milliseconds(text) : values.find((one) => String(one) === text);
  if (value === undefined)
    throw new Error(`Switch "${name}" takes ${choices(values)}, not "${text}".`);
  return [name, value];
}

function milliseconds(text: string): number | undefined {
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}

function choices(values: "milliseconds" | readonly unknown[]): string {
  return values === "milliseconds" ? "<milliseconds>" : values.join("|");
}
