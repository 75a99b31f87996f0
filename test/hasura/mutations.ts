import type { Shape, Status } from "./corpus/shape.js";

/** A migration whose down is right. */
export interface RightPair {
  readonly name: string;
  readonly before: string;
  readonly up: string;
  readonly down: string;
  readonly mutations: readonly Mutation[];
}

/** One change to a right down, which makes it wrong. */
interface Mutation {
  readonly name: string;
  /** What is taken out of the down: found in it once. */
  readonly from: string;
  readonly to: string;
  readonly status: Status;
  readonly words: readonly string[];
}

/** Every right down, and every mutation of it. */
export function mutants(pairs: readonly RightPair[]): readonly Shape[] {
  return pairs.flatMap((pair) => [
    { name: pair.name, before: pair.before, up: pair.up, down: pair.down, status: "exact" },
    ...pair.mutations.map((mutation) => mutantOf(pair, mutation)),
  ]);
}

function mutantOf({ name, before, up, down }: RightPair, mutation: Mutation): Shape {
  if (down.split(mutation.from).length !== 2) {
    throw new Error(`${name}: the down does not hold "${mutation.from}" once`);
  }
  const { status, words } = mutation;
  const wrong = down.replace(mutation.from, () => mutation.to);
  return { name: `${name}: ${mutation.name}`, before, up, down: wrong, status, words };
}
