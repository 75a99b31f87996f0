import type { Engine, OpenTransaction, Session } from "./session.js";
import { commitRows, rollBackRows } from "./storage.js";

/** A client that is gone leaves its transaction open: Snowflake ends it after so long, if it keeps somebody waiting. */
const MOST_IDLE_MS = 5 * 60_000;

/** A transaction in which nothing has happened yet. */
export function newTransaction({ nextTransaction, clock }: Engine): OpenTransaction {
  return { id: nextTransaction(), touched: new Set(), lastHeardAt: clock().valueOf() };
}

/** Opens a transaction; Snowflake ignores BEGIN inside one. Nothing is frozen: each statement sees what is committed then. */
export function begin(engine: Engine, session: Session): void {
  join(engine, session, newTransaction(engine));
}

/** Makes a transaction the session's own, unless one is open. */
export function join(engine: Engine, session: Session, transaction: OpenTransaction): void {
  session.transaction ??= transaction;
  engine.inTransaction.add(session);
}

/** Rolls back what holds a table and has not been heard of for five minutes. */
export async function endIdleHolder(engine: Engine, stored: string): Promise<void> {
  const since = engine.clock().valueOf() - MOST_IDLE_MS;
  const holder = [...engine.inTransaction].find(
    ({ transaction }) =>
      transaction !== undefined &&
      transaction.lastHeardAt < since &&
      engine.locks.isHeldBy(stored, transaction.id),
  );
  if (holder !== undefined) await rollBack(engine, holder);
}

/** Commits what is open; without a transaction COMMIT succeeds and does nothing. */
export function commit(engine: Engine, session: Session): Promise<void> {
  return end(engine, session, commitRows);
}

export function rollBack(engine: Engine, session: Session): Promise<void> {
  return end(engine, session, rollBackRows);
}

async function end(
  engine: Engine,
  session: Session,
  rows: (stored: string, transaction: number) => readonly string[],
): Promise<void> {
  const open = session.transaction;
  if (open === undefined) return;
  session.transaction = undefined;
  engine.inTransaction.delete(session);
  // A table that was dropped meanwhile took its uncommitted rows along.
  const touched = [...open.touched].filter((stored) => engine.catalogue.isStored(stored));
  try {
    if (touched.length > 0) {
      await engine.storage.write(session.connection, async () => {
        for (const sql of touched.flatMap((stored) => rows(stored, open.id))) {
          await session.connection.run(sql);
        }
      });
    }
  } finally {
    engine.locks.release(open.id);
  }
}
