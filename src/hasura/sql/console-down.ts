/**
 * What Hasura's console left of a down it could not write.
 *
 * - `none`: no trace of the console's comment.
 * - `comment only`: the comment, and no statement.
 * - `half commented`: the comment, and a tail of the up's own text that is live SQL; consoles before the repair of
 *   hasura/graphql-engine#7211 commented only the first line of a statement.
 * - `answered`: the comment was left standing above statements that someone wrote.
 */
export type ConsoleDown =
  | { readonly kind: "none" }
  | { readonly kind: "comment only" }
  | { readonly kind: "half commented"; readonly line: number; readonly tail: string }
  | { readonly kind: "answered" };

/** Compares a down with the up that its comment quotes. */
export function consoleDown(down: string, up: string): ConsoleDown {
  const lines = down.split(/\r?\n/);
  if (!lines.some((line) => line.includes(MARKER))) return { kind: "none" };
  const live = lines.map((line) => !isComment(line) && /[^\s;]/.test(line));
  if (!live.includes(true)) return { kind: "comment only" };
  const from = lines.findIndex((line) => line.includes(MARKER));
  const tail = lines.findIndex((_, at) => at > from && live[at] && continuesUp(lines, at, up));
  if (tail === -1) return { kind: "answered" };
  const end = lines.findIndex((line, at) => at > tail && line.includes(MARKER));
  const text = lines
    .slice(tail, end === -1 ? undefined : end)
    .join("\n")
    .trim();
  return { kind: "half commented", line: tail + 1, tail: text };
}

const MARKER = "Could not auto-generate a down migration";
const SECOND_LINE = "Please write an appropriate down migration";

function isComment(line: string): boolean {
  return line.trimStart().startsWith("--");
}

/** True if the line and the commented line before it follow each other in the up as well. */
function continuesUp(lines: readonly string[], at: number, up: string): boolean {
  const before = lines.slice(0, at).findLast((line) => line.trim() !== "");
  if (before === undefined || !isComment(before)) return false;
  if (before.includes(MARKER) || before.includes(SECOND_LINE)) return false;
  const quoted = before.trimStart().replace(/^--\s?/, "");
  return inOneLine(up).includes(inOneLine(`${quoted}\n${lines[at] ?? ""}`));
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
