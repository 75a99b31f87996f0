/** Milliseconds since 1970 of `YYYY-MM-DD HH:MM:SS[.fraction]` in UTC. */
export function msOf(text: string): number {
  const plain = text.replace("T", " ").replace(/Z$/, "");
  const known = read.get(plain);
  if (known !== undefined) return known;
  const ms = Date.parse(`${plain.replace(" ", "T")}Z`);
  read.set(plain, ms);
  return ms;
}

/** The text of a moment, without zeros behind its last digit. */
export function textOf(ms: number): string {
  const known = written.get(ms);
  if (known !== undefined) return known;
  const text = new Date(ms).toISOString().slice(0, 23).replace("T", " ").replace(/\.?0*$/, (end) =>
    end.startsWith(".") ? "" : end,
  );
  written.set(ms, text);
  return text;
}

// The model sees the same few moments over and over.
const read = new Map<string, number>();
const written = new Map<number, string>();
