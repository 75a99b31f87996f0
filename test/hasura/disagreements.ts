import type { Verdict } from "#src/domain/verdict.js";
import type { Scratch } from "#src/hasura/scratch/scratch.js";
import { verdictOf } from "../support/verdict-of.js";
import type { Shape } from "./corpus/shape.js";
import { isNamed, phrasesOf } from "./words.js";

/** In what `verify` says of shapes otherwise than they say of themselves, in words; nothing if it says the same. */
export async function disagreements(
  scratch: Scratch,
  shapes: readonly Shape[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const shape of shapes) {
    const verdict = await verdictOf(scratch, shape);
    found.push(...differencesOf(expectationOn(scratch, shape), verdict));
  }
  return found;
}

type Expectation = Pick<Shape, "name" | "status" | "words">;

/** What an engine cannot do is not proven there, with the shape's words; where it can, they say nothing of a right one. */
function expectationOn({ engine }: Scratch, shape: Shape): Expectation {
  const { name, status, words = [], engines } = shape;
  if (engines === undefined) return { name, status, words };
  const isAble = engines.some((able) => able === engine.kind);
  return { name, status: isAble ? status : "not proven", words: isAble ? [] : words };
}

function differencesOf(
  { name, status, words = [] }: Expectation,
  verdict: Verdict,
): readonly string[] {
  const said = phrasesOf(verdict.findings);
  const told = said.length === 0 ? "nothing" : said.join("; ");
  const unnamed = words.filter((expected) => !isNamed(expected, said));
  return [
    ...(verdict.status === status ? [] : [`${name}: ${verdict.status}, not ${status} (${told})`]),
    ...unnamed.map((expected) => `${name}: "${expected}" is not said (${told})`),
  ];
}
