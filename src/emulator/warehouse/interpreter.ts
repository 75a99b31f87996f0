import type { Binds } from "./binds.js";
import type { CatalogueView } from "./catalogue.js";
import { environmentOf } from "./environments.js";
import { fromDuckdb, SnowflakeError } from "./errors.js";
import { printObject } from "./identifiers.js";
import type { Patience } from "./locks.js";
import type { Change, Count, Plan } from "./plans.js";
import {
  describeQuery,
  type QueryRows,
  type ResultColumn,
  resultColumns,
} from "./result-columns.js";
import type { Engine, OpenTransaction, Session } from "./session.js";
import { readStatement } from "./statements.js";
import { commitRows, settle } from "./storage.js";
import { begin, commit, endIdleHolder, join, newTransaction, rollBack } from "./transactions.js";
import type { Translation } from "./translation.js";
import { startTranslation } from "./translator.js";

export interface Order {
  readonly sql: string;
  readonly binds: Binds;
  /** Check and describe, and execute nothing. */
  readonly describeOnly: boolean;
  readonly patience: Patience;
}

export interface Outcome extends QueryRows {
  readonly word: Change | "SELECT" | "SHOW" | "DESCRIBE" | "DDL" | "SETTING" | "TRANSACTION";
}

/** Carries out one statement in a session. An error leaves the session's transaction open, as Snowflake does. */
export async function interpret(engine: Engine, session: Session, order: Order): Promise<Outcome> {
  const transaction = session.transaction ?? newTransaction(engine);
  transaction.lastHeardAt = engine.clock().valueOf();
  const environment = environmentOf(engine, session, transaction.id);
  const source = { sql: order.sql, binds: order.binds, database: engine.catalogue.database };
  const t = startTranslation(source, environment);
  const plan = readStatement({ t, engine, session });
  requireWarehouse(session, plan);
  await requireSoundViews(session, t);
  if (order.describeOnly) return describe(session, plan);
  if (plan.kind === "change" && session.parameters.get("AUTOCOMMIT") === "false") {
    join(engine, session, transaction);
  }
  switch (plan.kind) {
    case "query":
      return query(session, plan);
    case "change":
      return change({ engine, session, transaction, patience: order.patience }, plan);
    case "definition":
      await commit(engine, session);
      return said("DDL", await plan.apply(order.patience).catch(rethrow));
    case "setting":
      await plan.apply();
      return said("SETTING", "Statement executed successfully.");
    case "transaction":
      await endOrBegin(engine, session, plan.word);
      return said("TRANSACTION", "Statement executed successfully.");
  }
}

function rethrow(error: unknown): never {
  throw fromDuckdb(error);
}

function endOrBegin(
  engine: Engine,
  session: Session,
  word: "BEGIN" | "COMMIT" | "ROLLBACK",
): Promise<void> {
  if (word === "COMMIT") return commit(engine, session);
  if (word === "ROLLBACK") return rollBack(engine, session);
  begin(engine, session);
  return Promise.resolve();
}

/** Reading rows and changing them takes a warehouse; names, DDL and transactions do not. */
function requireWarehouse(session: Session, plan: Plan): void {
  const needsOne =
    plan.kind === "change" || (plan.kind === "query" && plan.sources.tables.length > 0);
  if (!needsOne || session.warehouse !== undefined) return;
  throw new SnowflakeError(
    "000606",
    "57P03",
    "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command.",
  );
}

/** A view of `SELECT *` breaks when its table gets a column, until it is made anew (002057). */
async function requireSoundViews({ connection }: Session, { views }: Translation): Promise<void> {
  for (const { view, query: text } of views) {
    const { length } = await describeQuery(connection, text);
    if (length !== view.columns.length) throw brokenView(view, length);
  }
}

function brokenView(view: CatalogueView, produced: number): SnowflakeError {
  const counts = `declared ${view.columns.length} column(s), but view query produces ${produced} column(s)`;
  const text = `View definition for '${printObject(view)}' ${counts}.`;
  return new SnowflakeError("002057", "42601", `SQL compilation error:\n${text}`);
}

async function describe(session: Session, plan: Plan): Promise<Outcome> {
  switch (plan.kind) {
    case "query":
      return {
        word: plan.word,
        columns: await describeQuery(session.connection, plan.sql, plan.sources),
        rows: [],
      };
    case "change":
      for (const { sql } of plan.steps) await describeQuery(session.connection, sql);
      return { word: plan.word, columns: countColumns(plan.counts), rows: [] };
    case "definition":
      for (const sql of plan.queries) await describeQuery(session.connection, sql);
      return { ...said("DDL", ""), rows: [] };
    case "setting":
      return { ...said("SETTING", ""), rows: [] };
    case "transaction":
      return { ...said("TRANSACTION", ""), rows: [] };
  }
}

async function query(
  { connection }: Session,
  plan: Extract<Plan, { kind: "query" }>,
): Promise<Outcome> {
  const reader = await connection.runAndReadAll(plan.sql).catch(rethrow);
  const described = {
    columnCount: reader.columnCount,
    columnName: (index: number) => reader.columnName(index),
    columnType: (index: number) => reader.columnType(index),
  };
  return {
    word: plan.word,
    columns: resultColumns(described, plan.sources),
    rows: reader.getRows(),
  };
}

interface Work {
  readonly engine: Engine;
  readonly session: Session;
  readonly transaction: OpenTransaction;
  readonly patience: Patience;
}

async function change(
  { engine, session, transaction, patience }: Work,
  plan: Extract<Plan, { kind: "change" }>,
): Promise<Outcome> {
  const { stored } = plan.table;
  const isOwnTransaction = session.transaction === undefined;
  if (plan.locks) {
    await endIdleHolder(engine, stored);
    await engine.locks.take(stored, transaction.id, patience);
  }
  try {
    const counted = await engine.storage.write(session.connection, async () => {
      const counts = await carryOut(session, plan);
      const after = [
        ...settle(plan.table, transaction.id),
        ...(isOwnTransaction ? commitRows(stored, transaction.id) : []),
      ];
      for (const sql of after) await session.connection.run(sql);
      return counts;
    });
    transaction.touched.add(stored);
    const row = plan.counts.map((count) => BigInt(counted.get(count) ?? 0));
    return { word: plan.word, columns: countColumns(plan.counts), rows: [row] };
  } finally {
    if (isOwnTransaction) engine.locks.release(transaction.id);
  }
}

async function carryOut(
  { connection }: Session,
  plan: Extract<Plan, { kind: "change" }>,
): Promise<ReadonlyMap<Count, number>> {
  if (plan.duplicates !== undefined) {
    const found = await connection.runAndReadAll(plan.duplicates);
    if (found.currentRowCount > 0) throw duplicateRow();
  }
  const counted = new Map<Count, number>();
  for (const { sql, counts } of plan.steps) {
    const { rowsChanged } = await connection.run(sql);
    if (counts !== undefined) counted.set(counts, (counted.get(counts) ?? 0) + rowsChanged);
  }
  return counted;
}

function duplicateRow(): SnowflakeError {
  return new SnowflakeError("100090", "42P18", "Duplicate row detected during DML action");
}

function countColumns(counts: readonly Count[]): readonly ResultColumn[] {
  return counts.map((count) => ({
    name: count === "multi-joined rows updated" ? `number of ${count}` : `number of rows ${count}`,
    type: { kind: "number", precision: 19, scale: 0 },
    nullable: false,
  }));
}

function said(word: Outcome["word"], line: string): Outcome {
  return {
    word,
    columns: [{ name: "status", type: { kind: "text", length: 16_777_216 } }],
    rows: [[line]],
  };
}
