import type { Statement } from "./statements.js";
import { isNode, type SqlNode, walk } from "./syntax-tree.js";
import { tableName } from "./touched-tables.js";

/** Tables on which a statement puts checks that wait for the end of a transaction, those that a foreign key points to as well. */
export function deferredTables({ kind, node }: Statement): readonly string[] {
  if (kind === "CreateTrigStmt") {
    return node["initdeferred"] === true
      ? [...table(node["relation"]), ...table(node["constrrel"])]
      : [];
  }
  if (kind !== "CreateStmt" && kind !== "AlterTableStmt") return [];
  let isDeferred = false;
  const pointedTo: string[] = [];
  walk(node, (part) => {
    if (waits(part)) isDeferred = true;
    pointedTo.push(...table(part["pktable"]));
  });
  // Of a column's own constraints the syntax tree does not say which one waits: all of them count.
  return isDeferred ? [...table(node["relation"]), ...pointedTo] : [];
}

function waits(constraint: SqlNode): boolean {
  return constraint["initdeferred"] === true || constraint["contype"] === "CONSTR_ATTR_DEFERRED";
}

function table(relation: unknown): readonly string[] {
  if (!isNode(relation) || typeof relation["relname"] !== "string") return [];
  return [tableName(relation["schemaname"], relation["relname"])];
}
