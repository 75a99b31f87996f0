import { RESERVED } from "./expressions.js";
import type { Translation } from "./translation.js";

/** An alias after AS, or without it where the next word cannot be anything else. */
export function readAlias(t: Translation): string | undefined {
  if (t.reader.accept("AS")) return t.reader.identifier();
  const token = t.reader.peek();
  const isAlias = token.kind === "quoted" || (token.kind === "word" && !RESERVED.has(token.text));
  return isAlias ? t.reader.identifier() : undefined;
}
