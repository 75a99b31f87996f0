/** The lines in which two texts differ, as `- old` and `+ new`, with a line of what stands around them. */
export function lineDiff(before: string, after: string): readonly string[] {
  const lines = compare(before.split("\n"), after.split("\n"));
  const isNear = (index: number) =>
    [index - 1, index, index + 1].some((near) => /^[-+]/.test(lines[near] ?? ""));
  return lines.filter((_, index) => isNear(index));
}

/** Takes the program line by line: enough for an edit that replaces or inserts lines. */
function compare(before: readonly string[], after: readonly string[]): readonly string[] {
  const [old, next] = [before[0], after[0]];
  if (old === undefined) return after.map((line) => `+ ${line}`);
  if (next === undefined) return before.map((line) => `- ${line}`);
  if (old === next) return [`  ${old}`, ...compare(before.slice(1), after.slice(1))];
  // Old lines go first, unless this one comes again later and the new one does not.
  return before.includes(next)
    ? [`- ${old}`, ...compare(before.slice(1), after)]
    : after.includes(old)
      ? [`+ ${next}`, ...compare(before, after.slice(1))]
      : [`- ${old}`, `+ ${next}`, ...compare(before.slice(1), after.slice(1))];
}
