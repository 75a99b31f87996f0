import { DEADLINE_MS } from "./doors/maestro-door.js";
import type { Breach } from "./law.js";
import type { Ending } from "./play.js";

/** What README's section "Limits" says is not handled. */
export type KnownLimit =
  | "clocks apart"
  | "clocks apart, and an undo"
  | "another run beside the change's own"
  | "rows without keys that carry the bookmark"
  | "a run that was listed too late"
  | "a run listed later than a deadline";

/** The limit that a breach belongs to; undefined if nothing excuses it. */
export function limitOf(ending: Ending, breach: Breach): KnownLimit | undefined {
  return (
    clocksApart(ending, breach) ??
    boundaryRows(ending, breach) ??
    otherRun(ending, breach) ??
    unlistedRun(ending)
  );
}

/** A scheduled run beside the change's own brings rows once more from where it begins: seen, and undone with a message. */
function otherRun({ world, outcome }: Ending, { kind }: Breach): KnownLimit | undefined {
  const isNoticed = outcome.kind === "failed" && outcome.code === "VERIFICATION_FAILED";
  const { resumeAt, patchInputClearsState } = world.nature.switches;
  const bringsAgain = resumeAt === ">=" || patchInputClearsState;
  const since = world.journal.lastBeginning;
  const isBeside = world.maestro.runs.some((run) => !run.isOfChange && run.createdAt >= since);
  return kind === "failed" && isNoticed && bringsAgain && isBeside
    ? "another run beside the change's own"
    : undefined;
}

/** A row without a key that carries the bookmark counts as another one once a column that was there already is filled. */
function boundaryRows({ world, outcome }: Ending, { kind }: Breach): KnownLimit | undefined {
  const { isKeyed, cursorKind, switches } = world.nature;
  const isNoticed = outcome.kind === "failed" && outcome.code === "VERIFICATION_FAILED";
  const isBoundary = !isKeyed && cursorKind === "number" && switches.resumeAt === ">=";
  return isBoundary && kind === "failed" && isNoticed
    ? "rows without keys that carry the bookmark"
    : undefined;
}

/** The source's clock differs from the destination's, and the bookmark is reckoned by the source's. */
function clocksApart({ world, outcome }: Ending, { kind }: Breach): KnownLimit | undefined {
  const isApart = world.clockOffset !== 0 && world.nature.switches.bookmarkClock === "source";
  if (!isApart) return undefined;
  const isNoticed = outcome.kind === "failed" && outcome.code === "VERIFICATION_FAILED";
  if (kind === "not filled" || (kind === "failed" && isNoticed)) return "clocks apart";
  const isMoved = world.maestro.wasSetForward && ["not arrived", "doubled"].includes(kind);
  return isMoved ? "clocks apart, and an undo" : undefined;
}

function unlistedRun({ world }: Ending): KnownLimit | undefined {
  const { hidden } = world.maestro;
  if (hidden.some(({ isOfChange }) => !isOfChange)) return "a run that was listed too late";
  const isLate = world.nature.switches.runsListedLateMs > DEADLINE_MS;
  return isLate && hidden.length > 0 ? "a run listed later than a deadline" : undefined;
}
