import type { TraitFinding } from "../../domain/transaction-traits.js";
import type { Statement } from "./statements.js";
import { isNode, type SqlNode, walk } from "./syntax-tree.js";

/** Why a statement must have a transaction, or the lack of one, to itself and its file; nothing for most. */
export function lonelyStatement(statement: Statement): readonly TraitFinding[] {
  const outside = outsideTransaction(statement);
  const reason =
    (outside && `${outside} cannot run in a transaction with anything else`) ??
    ownTransaction(statement) ??
    lastsTooLong(statement);
  return reason === undefined ? [] : [{ line: statement.line, words: reason }];
}

/** How people call a statement that PostgreSQL refuses in a transaction block, and beside any other of a request (25001). */
export function outsideTransaction({ kind, node }: Statement): string | undefined {
  return OUTSIDE[kind]?.(node);
}

/** Whether it begins, ends or gives up a transaction as a whole. */
export function isTransactionEdge({ kind, node }: Statement): boolean {
  return kind === "TransactionStmt" && !WITHIN.has(String(node["kind"]));
}

const WITHIN: ReadonlySet<string> = new Set([
  "TRANS_STMT_SAVEPOINT",
  "TRANS_STMT_RELEASE",
  "TRANS_STMT_ROLLBACK_TO",
]);

/** By type of node: how people call the statement, if it is of the form that PostgreSQL refuses. */
const OUTSIDE: Readonly<Record<string, (node: SqlNode) => string | undefined>> = {
  IndexStmt: (node) => (node["concurrent"] === true ? "CREATE INDEX CONCURRENTLY" : undefined),
  DropStmt: (node) => (node["concurrent"] === true ? "DROP INDEX CONCURRENTLY" : undefined),
  ReindexStmt: reindex,
  AlterTableStmt: (node) => (detaches(node) ? "DETACH PARTITION CONCURRENTLY" : undefined),
  VacuumStmt: (node) => (node["is_vacuumcmd"] === true ? "VACUUM" : undefined),
  ClusterStmt: (node) => (node["relation"] === undefined ? "CLUSTER of all tables" : undefined),
  RepackStmt: () => "REPACK",
  CreatedbStmt: () => "CREATE DATABASE",
  DropdbStmt: () => "DROP DATABASE",
  AlterDatabaseStmt: (node) =>
    options(node).includes("tablespace") ? "ALTER DATABASE SET TABLESPACE" : undefined,
  AlterSystemStmt: () => "ALTER SYSTEM",
  CreateTableSpaceStmt: () => "CREATE TABLESPACE",
  DropTableSpaceStmt: () => "DROP TABLESPACE",
  CreateSubscriptionStmt: () => "CREATE SUBSCRIPTION",
  DropSubscriptionStmt: () => "DROP SUBSCRIPTION",
  DiscardStmt: (node) => (node["target"] === "DISCARD_ALL" ? "DISCARD ALL" : undefined),
};

function reindex(node: SqlNode): string | undefined {
  if (options(node).includes("concurrently")) return "REINDEX CONCURRENTLY";
  const whole = ["REINDEX_OBJECT_SCHEMA", "REINDEX_OBJECT_SYSTEM", "REINDEX_OBJECT_DATABASE"];
  return whole.includes(String(node["kind"])) ? "REINDEX of a schema or database" : undefined;
}

function options(node: SqlNode): readonly unknown[] {
  const found: unknown[] = [];
  walk([node["params"], node["options"]], (part) => found.push(part["defname"]));
  return found;
}

function detaches(node: SqlNode): boolean {
  let found = false;
  walk(node, (part) => {
    const command = part["PartitionCmd"];
    if (isNode(command) && command["concurrent"] === true) found = true;
  });
  return found;
}

function ownTransaction(statement: Statement): string | undefined {
  const { kind, text } = statement;
  if (kind === "ConstraintsSetStmt")
    return "SET CONSTRAINTS holds until the end of the transaction";
  if (!isTransactionEdge(statement)) return undefined;
  return `${text.split(/\s/)[0]?.toUpperCase()} begins or ends a transaction by itself`;
}

/** What Hasura's end of the transaction, or of the session, takes away, and a later part would find. */
function lastsTooLong({ kind, node }: Statement): string | undefined {
  if (isTemporary(kind, node))
    return "it makes something temporary, which lasts as long as the session or the transaction";
  return SESSION[kind];
}

const SESSION: Readonly<Record<string, string>> = {
  PrepareStmt: "PREPARE lasts as long as the session",
  DeclareCursorStmt: "DECLARE lasts until the end of the transaction",
  ListenStmt: "LISTEN begins at the end of the transaction",
  LoadStmt: "LOAD lasts as long as the session",
  DiscardStmt: "DISCARD throws away what belongs to the session",
};

/** Only what the statement makes: a function's body may make and drop what it likes. */
function isTemporary(kind: string, node: SqlNode): boolean {
  const into = [node["into"], node["intoClause"]].filter(isNode).map((clause) => clause["rel"]);
  const made =
    kind === "CreateStmt" || kind === "CreateSeqStmt" ? [node["relation"], node["sequence"]] : [];
  return [...into, ...made, kind === "ViewStmt" ? node["view"] : undefined]
    .filter(isNode)
    .some((relation) => relation["relpersistence"] === "t" || relation["schemaname"] === "pg_temp");
}
