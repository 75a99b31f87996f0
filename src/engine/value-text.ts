import {
  isPropertyMap,
  isSame,
  isSecret,
  type PropertyMap,
  type PropertyValue,
  unknownValue,
} from "./property.js";

/** A mark in front of a line: added, removed, changed, or nothing. */
export type Mark = "+" | "-" | "~" | " ";

/** The lines that show `properties`, one key each; hidden keys (`__…`) are left out. */
export function formatProperties(
  properties: PropertyMap,
  indent: string,
  mark: Mark = " ",
): readonly string[] {
  const keys = shownKeys(properties);
  const width = widthOf(keys);
  return keys.flatMap((key) => {
    const value = properties[key] ?? null;
    return [`${lead(indent, mark)}${key.padEnd(width)}: ${formatValue(value, indent, mark)}`];
  });
}

/** The lines that show what becomes of `old`; with `onlyChanges`, nothing that stays is shown. */
export function formatChanges(
  old: PropertyMap,
  next: PropertyMap,
  { indent, onlyChanges = false }: { readonly indent: string; readonly onlyChanges?: boolean },
): readonly string[] {
  const keys = shownKeys({ ...old, ...next });
  const width = widthOf(keys);
  return keys.flatMap((key) => {
    const [before, after] = [old[key], next[key]];
    const mark = markOf(before, after);
    if (mark === " " && onlyChanges) return [];
    const shown = after ?? before ?? null;
    const text =
      mark === "~" && before !== undefined
        ? `${formatValue(before, indent)} => ${formatValue(shown, indent)}`
        : formatValue(shown, indent, mark);
    return [`${lead(indent, mark)}${key.padEnd(width)}: ${text}`];
  });
}

function formatValue(value: PropertyValue, indent: string, mark: Mark = " "): string {
  if (value === unknownValue) return "[unknown]";
  if (value === null) return "<null>";
  if (isSecret(value)) return "[secret]";
  const inner = `${indent}    `;
  if (Array.isArray(value)) {
    const items = value.map(
      (item: PropertyValue, at) =>
        `${lead(inner, mark)}[${at}]: ${formatValue(item, inner, mark)}\n`,
    );
    return `[\n${items.join("")}${indent}]`;
  }
  if (!isPropertyMap(value)) return JSON.stringify(value);
  const lines = formatProperties(value, inner, mark);
  return `{\n${lines.map((line) => `${line}\n`).join("")}${indent}}`;
}

function markOf(before: PropertyValue | undefined, after: PropertyValue | undefined): Mark {
  if (before === undefined) return "+";
  if (after === undefined) return "-";
  return isSame(before, after) || (isSecret(before) && isSecret(after)) ? " " : "~";
}

// A mark stands in the two columns before the key.
function lead(indent: string, mark: Mark): string {
  return mark === " " ? indent : `${indent.slice(2)}${mark} `;
}

function shownKeys(properties: PropertyMap): readonly string[] {
  return Object.keys(properties)
    .filter((key) => !key.startsWith("__"))
    .sort();
}

function widthOf(keys: readonly string[]): number {
  return Math.max(0, ...keys.map((key) => key.length));
}
