import type { TraitFinding } from "../../domain/transaction-traits.js";
import type { Statement } from "./statements.js";
import { isNode, type SqlNode, walk } from "./syntax-tree.js";
import { words } from "./touched-tables.js";

export interface ChangedSettings {
  /** Settings that a `RESET` brings back to what a new session has. */
  readonly names: readonly string[];
  /** Changes that nothing brings back within the transaction. */
  readonly alone: readonly TraitFinding[];
}

/** What a statement sets, by `SET`, `SET LOCAL` or `set_config`. */
export function changedSettings(statement: Statement): ChangedSettings {
  if (statement.kind === "VariableSetStmt") return bySet(statement);
  if (statement.kind === "DoStmt") return byCode(statement);
  // Elsewhere the call is a part of a definition, as of a view, and is not run.
  const runs = ["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "CallStmt"];
  return runs.includes(statement.kind) ? bySetConfig(statement) : { names: [], alone: [] };
}

function bySet({ node, line, text }: Statement): ChangedSettings {
  const kind = node["kind"];
  if (kind === "VAR_SET_DEFAULT" || kind === "VAR_RESET" || kind === "VAR_RESET_ALL")
    return NOTHING;
  const name = String(node["name"]).toLowerCase();
  if (kind === "VAR_SET_MULTI") {
    return alone(line, `${firstWords(text)} holds for a whole transaction or session`);
  }
  return changeOf(name, line);
}

const NOTHING: ChangedSettings = { names: [], alone: [] };

function alone(line: number, reason: string): ChangedSettings {
  return { names: [], alone: [{ line, words: reason }] };
}

function changeOf(name: string, line: number): ChangedSettings {
  if (name === "client_encoding") {
    return alone(line, "SET client_encoding changes how the rest of the text is read");
  }
  // Of a custom setting RESET leaves an empty text, where a new session has none at all.
  if (!/^[a-z_]+$/.test(name)) return alone(line, `nothing brings back the setting ${name}`);
  if (name.startsWith("transaction_"))
    return alone(line, `SET ${name} holds for a whole transaction`);
  return { names: [name], alone: [] };
}

function firstWords(text: string): string {
  return text.split(/\s+/).slice(0, 2).join(" ").toUpperCase();
}

function bySetConfig({ node, line }: Statement): ChangedSettings {
  const changes = calls(node, "set_config").map((call): ChangedSettings => {
    const [first] = Array.isArray(call["args"]) ? call["args"] : [];
    const constant: unknown = isNode(first) ? first["A_Const"] : undefined;
    const [name] = words(constant);
    if (name === undefined)
      return alone(line, "set_config is given a name that is known only when it runs");
    return changeOf(name.toLowerCase(), line);
  });
  return {
    names: changes.flatMap(({ names }) => names),
    alone: changes.flatMap((change) => change.alone),
  };
}

function calls(node: SqlNode, name: string): readonly SqlNode[] {
  const found: SqlNode[] = [];
  walk(node, (part) => {
    const call = part["FuncCall"];
    if (isNode(call) && words(call["funcname"]).at(-1) === name) found.push(call);
  });
  return found;
}

/** The body of a DO block is text here; a word too many found in it costs a transaction of its own, nothing more. */
function byCode({ text, line }: Statement): ChangedSettings {
  if (!/\bset_config\s*\(|(^|;|\$\$|\b(begin|then|else|loop))\s*(re)?set\s+\w/i.test(text))
    return NOTHING;
  return alone(line, "its DO block changes settings");
}
