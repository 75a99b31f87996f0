import { readAlterTable } from "./alterations.js";
import { readDelete, readUpdate } from "./changes.js";
import { readCommentOn, readCreate, readDrop, readTruncate } from "./definitions.js";
import { notEmulated } from "./errors.js";
import { readGrant } from "./grant-statements.js";
import { readInsert } from "./inserts.js";
import { readMerge } from "./merges.js";
import type { Desk, Plan } from "./plans.js";
import { readAlterSession, readUse } from "./settings.js";
import { readDescribe, readShow } from "./shows.js";

/** Reads one whole statement. The list is closed: what does not begin like one of these is refused by name. */
export function readStatement(desk: Desk): Plan {
  const { reader } = desk.t;
  const found = STATEMENTS.find(([words]) => reader.sees(...words));
  if (found === undefined) throw notEmulated(`statement ${reader.peek().text}`);
  const plan = found[1](desk);
  reader.end();
  return plan;
}

type Reader = (desk: Desk) => Plan;

const STATEMENTS: readonly (readonly [readonly string[], Reader])[] = [
  [["SELECT"], readSelect],
  [["WITH"], readSelect],
  [["("], readSelect],
  [["INSERT"], ({ t }) => readInsert(t)],
  [["UPDATE"], ({ t }) => readUpdate(t)],
  [["DELETE"], ({ t }) => readDelete(t)],
  [["MERGE"], ({ t }) => readMerge(t)],
  [["TRUNCATE"], readTruncate],
  [["CREATE"], readCreate],
  [["DROP"], readDrop],
  [["ALTER", "SESSION"], readAlterSession],
  [["ALTER", "TABLE"], readAlterTable],
  [["COMMENT"], readCommentOn],
  [["GRANT"], readGrant],
  [["REVOKE"], readGrant],
  [["USE"], readUse],
  [["SHOW"], readShow],
  [["DESCRIBE"], readDescribe],
  [["DESC"], readDescribe],
  [["BEGIN"], readTransactionWord],
  [["START", "TRANSACTION"], readTransactionWord],
  [["COMMIT"], readTransactionWord],
  [["ROLLBACK"], readTransactionWord],
];

function readSelect({ t }: Desk): Plan {
  const sql = t.query();
  return { kind: "query", word: "SELECT", sql, sources: t.sources };
}

function readTransactionWord({ t }: Desk): Plan {
  const word = t.reader.next().text;
  if (!t.reader.accept("TRANSACTION")) t.reader.accept("WORK");
  if (t.reader.accept("NAME")) t.reader.identifier();
  const meaning = word === "COMMIT" || word === "ROLLBACK" ? word : "BEGIN";
  return { kind: "transaction", word: meaning };
}
