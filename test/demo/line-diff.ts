/** The lines in which two texts differ, as `- old` and `+ new`, with a line of what stands around them. */
export function lineDiff(before: string, after: string): readonly string[] {
  const lines = compare(before.split("\n"), after.split("\n"));
  const isChanged = (index: number) => /^[-+]/.test(lines[index] ?? "");
  const isNear = (index: number) => [index - 1, index, index + 1].some(isChanged);
  const near = [...lines.keys()].filter(isNear);
  return near.flatMap((index, place) => {
    const isGap = place > 0 && near[place - 1] !== index - 1;
    return [...(isGap ? ["  ..."] : []), lines[index] ?? ""];
  });
}

/** Takes both texts line by line: enough for an edit that replaces or inserts lines. */
function compare(before: readonly string[], after: readonly string[]): readonly string[] {
  const [old, next] = [before[0], after[0]];
  if (old === undefined) return after.map((line) => `+ ${line}`);
  if (next === undefined) return before.map((line) => `- ${line}`);
  if (old === next) return [`  ${old}`, ...compare(before.slice(1), after.slice(1))];
  if (after.includes(old)) return [`+ ${next}`, ...compare(before, after.slice(1))];
  return [`- ${old}`, ...compare(before.slice(1), after)];
}
