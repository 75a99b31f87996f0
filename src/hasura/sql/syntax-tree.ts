/** A node of PostgreSQL's syntax tree as libpg-query gives it: fields by name, nodes within by the name of their type. */
export type SqlNode = { readonly [field: string]: unknown };

/** True for a part of the tree that has fields. */
export function isNode(value: unknown): value is SqlNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Shows every part of the tree that has fields, a part before what is in it. */
export function walk(value: unknown, visit: (part: SqlNode) => void): void {
  // A list on a stack instead of calls: a long chain of operators is a deep tree.
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) waiting.push(...next.toReversed());
    else if (isNode(next)) {
      visit(next);
      waiting.push(...Object.values(next).toReversed());
    }
  }
}
