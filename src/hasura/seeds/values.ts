import { scalarValues, type Values } from "./scalar-values.js";
import type { SeedType } from "./seed-type.js";

/** The values for a type, as PostgreSQL reads them in text; undefined for a type that is not known here. */
export function valuesOf(type: SeedType): Values | undefined {
  switch (type.kind) {
    case "scalar":
      return scalarValues(type);
    case "enum":
      return type.labels.length === 0 ? undefined : sameInAll(type.labels);
    case "domain":
      return valuesOf(type.of);
    case "array":
      return withElements(valuesOf(type.of), arraysOf);
    case "composite":
      return compositesOf(type.attributes.map(valuesOf));
    case "range":
      return withElements(valuesOf(type.of), rangesOf);
    case "multirange":
      return withElements(valuesOf(type.of), multirangesOf);
  }
}

/** One list for each of the three: for types with few values. */
export function sameInAll(values: readonly string[]): Values {
  return { plain: values, tricky: values, harsh: values };
}

function withElements(
  elements: Values | undefined,
  compose: (elements: Values) => Values,
): Values | undefined {
  return elements === undefined ? undefined : compose(elements);
}

function arraysOf({ plain, tricky, harsh }: Values): Values {
  const first = plain.slice(0, 2);
  return {
    plain: plain.map((value, index) => arrayOf([value, at(plain, index + 1)])),
    tricky: ["{}", arrayOf(tricky), arrayOf([...first].reverse()), arrayOf([at(plain, 0)])],
    harsh: [
      "{NULL}",
      arrayOf(harsh),
      arrayOf([at(plain, 0), null, at(harsh, 0)]),
      `{${arrayOf(first)},${arrayOf([at(tricky, 0), at(tricky, 1)])}}`,
      arrayOf([at(plain, 0), at(plain, 0)]),
      `[3:4]=${arrayOf(first)}`,
    ],
  };
}

function arrayOf(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? "NULL" : quoted(value))).join(",")}}`;
}

/** As in arrays, composites and ranges: a backslash before each quote and backslash. */
function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function compositesOf(attributes: readonly (Values | undefined)[]): Values {
  const row = (degree: keyof Values) => (index: number) =>
    `(${attributes.map((values) => (values === undefined ? "" : quoted(at(values[degree], index)))).join(",")})`;
  return {
    plain: counted(12).map(row("plain")),
    tricky: counted(4).map(row("tricky")),
    harsh: [...counted(5).map(row("harsh")), `(${",".repeat(Math.max(0, attributes.length - 1))})`],
  };
}

/** Plain ranges are apart from each other, so that an exclusion constraint lets them in. */
function rangesOf({ plain }: Values): Values {
  const between = (from: string, to: string) => `[${quoted(from)},${quoted(to)})`;
  const last = at(plain, plain.length - 1);
  return {
    plain: counted(Math.floor((plain.length - 1) / 2)).map((index) =>
      between(at(plain, 2 * index), at(plain, 2 * index + 1)),
    ),
    tricky: [
      `[${quoted(at(plain, 1))},${quoted(at(plain, 1))}]`,
      `(${quoted(at(plain, 3))},${quoted(at(plain, 6))}]`,
      between(at(plain, 0), last),
      `[${quoted(last)},)`,
    ],
    harsh: ["empty", "(,)", `(,${quoted(at(plain, 0))})`, `[${quoted(at(plain, 2))},)`],
  };
}

function multirangesOf(elements: Values): Values {
  const ranges = rangesOf(elements);
  return {
    plain: ranges.plain.map((range) => `{${range}}`),
    tricky: ["{}", `{${at(ranges.plain, 0)},${at(ranges.plain, 1)}}`],
    harsh: ["{(,)}", `{${at(ranges.tricky, 3)}}`],
  };
}

function at(values: readonly string[], index: number): string {
  return values[index % values.length] ?? "";
}

function counted(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}
