type Values = Readonly<Record<string, readonly unknown[]>>;
export type Choice = Readonly<Record<string, unknown>>;

interface Pair {
  readonly one: string;
  readonly other: string;
  readonly values: readonly [unknown, unknown];
}

/** Few choices of one value per name, in which every two values of two names meet at least once. */
export function coveringArray(values: Values): readonly Choice[] {
  let left = pairsOf(values);
  const choices: Choice[] = [];
  for (let [seed] = left; seed !== undefined; [seed] = left) {
    const choice = completed(
      { [seed.one]: seed.values[0], [seed.other]: seed.values[1] },
      values,
      left,
    );
    choices.push(choice);
    left = left.filter((pair) => !isIn(pair, choice));
  }
  return choices;
}

/** Every two values of two names. */
export function pairsOf(values: Values): readonly Pair[] {
  const names = Object.keys(values);
  return names.flatMap((one, index) =>
    names
      .slice(index + 1)
      .flatMap((other) =>
        (values[one] ?? []).flatMap((first) =>
          (values[other] ?? []).map((second): Pair => ({ one, other, values: [first, second] })),
        ),
      ),
  );
}

export function isIn({ one, other, values }: Pair, choice: Choice): boolean {
  return choice[one] === values[0] && choice[other] === values[1];
}

/** Name after name, the value with which the most pairs that are left come together. */
function completed(begun: Choice, values: Values, left: readonly Pair[]): Choice {
  const choice: Record<string, unknown> = { ...begun };
  const gainOf = (name: string, value: unknown) =>
    left.filter((pair) => isIn(pair, Object.assign({}, choice, { [name]: value }))).length;
  for (const [name, possible] of Object.entries(values)) {
    if (name in choice) continue;
    const [best] = possible.toSorted((one, other) => gainOf(name, other) - gainOf(name, one));
    choice[name] = best;
  }
  return choice;
}
