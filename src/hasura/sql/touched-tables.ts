import { isNode, type SqlNode, walk } from "./syntax-tree.js";

/** The tables and views that a statement names, each once, in the order of the text; not the names it makes by `WITH`. */
export function touchedTables(kind: string, node: unknown): readonly string[] {
  const named: string[] = [];
  const made = new Set<unknown>();
  walk(node, (part) => {
    if (typeof part["ctename"] === "string") made.add(part["ctename"]);
    if (typeof part["relname"] === "string")
      named.push(tableName(part["schemaname"], part["relname"]));
  });
  const objects = isNode(node) ? objectTables(kind, node) : [];
  return [...new Set([...named.filter((name) => !made.has(name)), ...objects])];
}

/** `students`, `sales.orders`: the schema is left out where it is `public`, as in a catalogue. */
export function tableName(schema: unknown, name: string): string {
  return typeof schema === "string" && schema !== "public" ? `${schema}.${name}` : name;
}

/** DROP and COMMENT name what they touch as a list of words, where the last may name a thing within the table. */
function objectTables(kind: string, node: SqlNode): readonly string[] {
  if (kind === "DropStmt") return tablesIn(node["removeType"], lists(node["objects"]));
  if (kind === "CommentStmt") return tablesIn(node["objtype"], lists([node["object"]]));
  return [];
}

function tablesIn(type: unknown, objects: readonly (readonly string[])[]): readonly string[] {
  if (typeof type !== "string") return [];
  const whole = ["OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE"];
  const within = ["OBJECT_COLUMN", "OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"];
  const constraint = "OBJECT_TABCONSTRAINT";
  if (whole.includes(type)) return objects.map(nameOf);
  if (within.includes(type) || type === constraint) {
    return objects.map((words) => nameOf(words.slice(0, -1)));
  }
  return [];
}

function nameOf(words: readonly string[]): string {
  return tableName(words.at(-2), words.at(-1) ?? "");
}

function lists(objects: unknown): readonly (readonly string[])[] {
  if (!Array.isArray(objects)) return [];
  return objects.map((object) => words(object));
}

/** The words of a qualified name: `[{"String":{"sval":"sales"}},{"String":{"sval":"orders"}}]`. */
export function words(list: unknown): readonly string[] {
  const found: string[] = [];
  walk(list, (part) => {
    if (typeof part["sval"] === "string") found.push(part["sval"]);
  });
  return found;
}
