/** What `verify` says of one migration, the worst that is true of it. */
export type Status = "exact" | "position only" | "lossy" | "broken" | "not proven";

/** One migration on its own, and what is true of it. */
export interface Shape {
  readonly name: string;
  /** SQL that stands before it: its tables with their rows. */
  readonly before?: string;
  /** The tables of `before` hold no rows: the seeds are to fill them. */
  readonly seeds?: true;
  readonly up: string;
  /** Absent where the migration has no down file. */
  readonly down?: string;
  readonly status: Status;
  /** Each must be named, with counts as `N`; see `words.ts`. */
  readonly words?: readonly string[];
  /** Where it cannot be joined with others in one transaction: the statement that the reason must name. */
  readonly refusesSquash?: string;
  /** The engines that can prove it; on the others its status is "not proven". Absent: all. */
  readonly engines?: readonly ("pglite" | "postgres")[];
}
