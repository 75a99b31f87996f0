import type { Statement } from "./statements.js";

/** Whether statements write what is another value each time they run: the moment, chance, the next of a sequence. */
export function drawValues(statements: readonly Statement[]): boolean {
  return statements.some(({ kind, text }) => WRITING.has(kind) && DRAWING.test(text));
}

/** A default in CREATE or ALTER TABLE is not among them: the catalogue tells which columns have one. */
const WRITING: ReadonlySet<string> = new Set([
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "MergeStmt",
  "SelectStmt",
  "CreateTableAsStmt",
  "DoStmt",
]);

const DRAWING = new RegExp(
  [
    "\\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|gen_random_uuid|gen_random_bytes|gen_salt",
    "uuid_generate_\\w+|nextval|currval|lastval|setval|txid_current)\\s*\\(",
  ].join("|") + "|\\bcurrent_(?:date|time|timestamp)\\b|\\blocaltime",
  "i",
);
