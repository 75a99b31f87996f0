import type { Migration, SqlFile } from "../../domain/migration.js";
import type { MigrationTraits } from "../../domain/squash-groups.js";
import type {
  AddedValue,
  TraitFinding,
  TransactionTraits,
} from "../../domain/transaction-traits.js";
import { deferredTables } from "./deferred-tables.js";
import { lonelyStatement } from "./lonely-statements.js";
import { changedSettings } from "./settings-statements.js";
import { parseStatements, type Statement } from "./statements.js";
import { walk } from "./syntax-tree.js";
import { tableName, words } from "./touched-tables.js";

/** True if the first line asks Hasura's newest CLI for no transaction (with `--per-migration-transaction`). */
function asksForNoTransaction(sql: string): boolean {
  return sql.split("\n", 1)[0]?.trim() === "-- hasura:no-transaction";
}

/** Of both files of a migration, as far as they are there and can be parsed. */
export async function migrationTraits({ up, down }: Migration): Promise<Partial<MigrationTraits>> {
  const [ofUp, ofDown] = await Promise.all([fileTraits(up), fileTraits(down)]);
  return { ...(ofUp ? { up: ofUp } : {}), ...(ofDown ? { down: ofDown } : {}) };
}

async function fileTraits(file: SqlFile | undefined): Promise<TransactionTraits | undefined> {
  if (file === undefined) return undefined;
  const { statements } = await parseStatements(file.sql);
  return statements && transactionTraits(file.sql, statements);
}

/** What a file does that matters when it shares a transaction. What functions do that it calls cannot be seen here. */
export function transactionTraits(
  sql: string,
  statements: readonly Statement[],
): TransactionTraits {
  const settings = statements.map(changedSettings);
  return {
    isEmpty: statements.length === 0,
    isOpen: statements.at(-1)?.isClosed === false,
    alone: [
      ...marker(sql),
      ...statements.flatMap(lonelyStatement),
      ...settings.flatMap(({ alone }) => alone),
    ].sort((one, other) => one.line - other.line),
    settings: [...new Set(settings.flatMap(({ names }) => names))],
    addedValues: statements.flatMap(addedValue),
    deferredTables: [...new Set(statements.flatMap(deferredTables))],
    changesRows: statements.some(mayChangeRows),
    alteredTables: [
      ...new Set(statements.flatMap((one) => (READING.has(one.kind) ? [] : one.touches))),
    ],
    altersUnknown: statements.some(({ kind }) => CODE.has(kind)),
  };
}

function marker(sql: string): readonly TraitFinding[] {
  if (!asksForNoTransaction(sql)) return [];
  return [{ line: 1, words: "its first line asks for no transaction" }];
}

function addedValue({ kind, node, line }: Statement): readonly AddedValue[] {
  const value = node["newVal"];
  // RENAME VALUE has an old value; the new name of an old value can be used at once.
  if (kind !== "AlterEnumStmt" || typeof value !== "string" || node["oldVal"]) return [];
  return [{ line, type: typeName(node["typeName"]), value }];
}

function typeName(list: unknown): string {
  const name = words(list);
  return tableName(name.at(-2), name.at(-1) ?? "");
}

/** Statements that leave the definition of the tables they name alone. */
const READING = new Set([
  "SelectStmt",
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "MergeStmt",
  "CopyStmt",
  "CommentStmt",
  "GrantStmt",
  "ExplainStmt",
  "LockStmt",
]);
const CODE = new Set(["DoStmt", "CallStmt", "ExecuteStmt"]);
const CHANGING = new Set(["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt"]);

const QUERYING = new Set(["SelectStmt", "ExplainStmt", "CreateTableAsStmt"]);

function mayChangeRows({ kind, node }: Statement): boolean {
  if (CODE.has(kind) || CHANGING.has(kind)) return true;
  if (!QUERYING.has(kind)) return false;
  let changes = false;
  walk(node, (part) => {
    // A function may do anything, and a row may be changed within WITH.
    if ("FuncCall" in part || [...CHANGING].some((name) => name in part)) changes = true;
  });
  return changes;
}
