import type { Engine, Session } from "./session.js";
import { commitRows, rollBackRows } from "./storage.js";

/** Opens a transaction; Snowflake ignores BEGIN inside one. Nothing is frozen: each statement sees what is committed then. */
export function begin(engine: Engine, session: Session): void {
  session.transaction ??= { id: engine.nextTransaction(), touched: new Set() };
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
