import { parseStatements } from "#src/hasura/sql/statements.js";
import { walk } from "#src/hasura/sql/syntax-tree.js";
import type { Shape } from "./corpus/shape.js";

/**
 * All of them where the environment says `SHAPES=all`; else some that hold every kind of statement and every status; `full`: every kind
 * of statement with every status that it has anywhere.
 */
export async function sampleOf(
  shapes: readonly Shape[],
  size: "small" | "full",
): Promise<readonly Shape[]> {
  if (process.env["SHAPES"] === "all") return shapes;
  const seen = new Set<string>();
  const chosen: Shape[] = [];
  for (const shape of shapes) {
    const plain = await kindsOf(shape);
    const kinds = size === "small" ? plain : plain.map((kind) => `${kind}, ${shape.status}`);
    if (kinds.every((kind) => seen.has(kind))) continue;
    for (const kind of kinds) seen.add(kind);
    chosen.push(shape);
  }
  return chosen;
}

/** `IndexStmt`, `AlterTableStmt AT_AddColumn`, and the status. */
async function kindsOf({ up, down = "", status }: Shape): Promise<readonly string[]> {
  const texts = await Promise.all([parseStatements(up), parseStatements(down)]);
  const kinds = new Set<string>([status]);
  for (const { kind, node } of texts.flatMap(({ statements = [] }) => statements)) {
    kinds.add(kind);
    walk(node, ({ subtype }) => {
      if (typeof subtype === "string") kinds.add(`${kind} ${subtype}`);
    });
  }
  return [...kinds];
}
