import fc from "fast-check";
import { z } from "zod";
import type { Schema } from "./openapi.js";

/** Texts that the contract's examples hold, by the name of the field that holds them. */
export type Words = ReadonlyMap<string, readonly string[]>;

/** Collects the texts of every example in the document. */
export function wordsOf(source: unknown): Words {
  const words = new Map<string, readonly string[]>();
  for (const [name, text] of textsOf(source)) {
    words.set(name, [...new Set([...(words.get(name) ?? []), text])]);
  }
  return words;
}

/** Values that a schema describes, or nearly: what an `if` asks for may be missing. Texts are often words that mean something. */
export function valuesOf(given: Schema, words: Words, name = ""): fc.Arbitrary<unknown> {
  const { const: only, enum: choices, anyOf, oneOf, type } = shape.parse(given);
  if (only !== undefined) return fc.constant(only);
  if (choices !== undefined) return fc.constantFrom(...choices);
  const schemas = anyOf ?? oneOf;
  if (schemas !== undefined) return fc.oneof(...schemas.map((one) => valuesOf(one, words, name)));
  return fc.oneof(...[type].flat().map((one) => valuesOfType(one, given, words, name)));
}

/** The same values with one place of them taken away, or with something else in it. */
export function spoilt(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const instead = fc.option(
    fc.oneof(fc.constantFrom(null, 5, "", "text", [], {}, true), fc.jsonValue({ maxDepth: 2 })),
    { nil: undefined },
  );
  return fc.tuple(values, fc.nat(), instead).map(([value, number, other]) => {
    const places = placesOf(value);
    return replaced(value, places[number % places.length] ?? [], other);
  });
}

const schemaOf = z.record(z.string(), z.unknown());

const shape = z.object({
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(schemaOf).optional(),
  oneOf: z.array(schemaOf).optional(),
  type: z.union([z.string(), z.array(z.string())]).default("any"),
  format: z.string().optional(),
  properties: z.record(z.string(), schemaOf).default({}),
  required: z.array(z.string()).default([]),
  items: schemaOf.default({}),
  minItems: z.number().default(0),
  minimum: z.number().default(-1),
  maximum: z.number().default(20_000),
});

function valuesOfType(
  type: string,
  schema: Schema,
  words: Words,
  name: string,
): fc.Arbitrary<unknown> {
  const { format, items, minItems, minimum, maximum } = shape.parse(schema);
  switch (type) {
    case "object":
      return objectsOf(schema, words);
    case "array":
      return fc.array(valuesOf(items, words, name), { minLength: minItems, maxLength: 3 });
    case "string":
      return format === "uuid" ? fc.uuid() : textsLike(words.get(name) ?? []);
    case "integer":
      return fc.integer({ min: minimum, max: maximum });
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectsOf(schema: Schema, words: Words): fc.Arbitrary<unknown> {
  const { properties, required } = shape.parse(schema);
  const fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, valuesOf(field, words, name)]),
  );
  return fc.record(fields, { requiredKeys: required, noNullPrototype: true });
}

function textsLike(known: readonly string[]): fc.Arbitrary<string> {
  const any = fc.oneof(fc.string({ unit: "binary", maxLength: 20 }), fc.constant(""));
  if (known.length === 0) return any;
  return fc.oneof({ weight: 7, arbitrary: fc.constantFrom(...known) }, any);
}

function* textsOf(node: unknown, isExample = false): Generator<readonly [string, string]> {
  if (typeof node !== "object" || node === null) return;
  for (const [name, field] of Object.entries(node)) {
    const isOne = isExample || name === "example" || name === "examples";
    const texts = [field].flat().filter((one) => typeof one === "string");
    if (isExample) yield* texts.map((text) => [name, text] as const);
    yield* textsOf(field, isOne);
  }
}

type Place = readonly string[];

function placesOf(value: unknown): readonly Place[] {
  if (typeof value !== "object" || value === null) return [[]];
  const inner = Object.entries(value).flatMap(([name, field]) =>
    placesOf(field).map((place) => [name, ...place]),
  );
  return [[], ...inner];
}

function replaced(value: unknown, [name, ...rest]: Place, other: unknown): unknown {
  if (name === undefined) return other;
  const isList = Array.isArray(value);
  const fields = Object.entries(value ?? {})
    .map(([one, field]) => [one, one === name ? replaced(field, rest, other) : field] as const)
    .filter(([, field]) => field !== undefined);
  return isList ? fields.map(([, field]) => field) : Object.fromEntries(fields);
}
