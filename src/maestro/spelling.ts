/** `table_schema` to `tableSchema`. */
type Camel<Name> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** The same fields under our names. A field without a value is left out, never `undefined`. */
export type CamelKeys<Value> = {
  [Key in keyof Value as Camel<Key>]: Exclude<Value[Key], undefined>;
};

/** Respells the keys of one object from Maestro's way to ours; what the values hold is not touched. */
export function camelKeys<Value extends object>(value: Value): CamelKeys<Value> {
  return respelled(value, (key) =>
    key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  ) as CamelKeys<Value>; // The compiler cannot follow keys that are computed.
}

/** Respells the keys of one object from our way to Maestro's. */
export function snakeKeys(value: object): Record<string, unknown> {
  return respelled(value, (key) =>
    key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
}

function respelled(value: object, spell: (key: string) => string): Record<string, unknown> {
  const kept = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(kept.map(([key, field]) => [spell(key), field]));
}
