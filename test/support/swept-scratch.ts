import { startPglite } from "#src/hasura/scratch/pglite.js";
import type { Scratch, ScratchDatabase } from "#src/hasura/scratch/scratch.js";
import { findPostgres15 } from "./scratch.js";

/**
 * PGlite whose empty database is always the same one, swept: that costs a hundredth of a new one. A second one beside it
 * is new.
 */
export async function sweptPglite(extensions: readonly string[]): Promise<Scratch> {
  return sweptScratch(await startPglite({ extensions }));
}

/** A real PostgreSQL 15 of the same kind, or nothing where this machine has no binaries of it. */
export async function findSweptPostgres15(): Promise<Scratch | undefined> {
  const scratch = await findPostgres15();
  return scratch && sweptScratch(scratch);
}

function sweptScratch(scratch: Scratch): Scratch {
  let kept: ScratchDatabase | undefined;
  let borrower: ScratchDatabase | undefined;
  const giveBack = () => {
    borrower = undefined;
  };
  return {
    engine: scratch.engine,
    async database(copyOf) {
      if (copyOf !== undefined) return scratch.database(copyOf === borrower ? kept : copyOf);
      if (borrower !== undefined) return scratch.database();
      kept ??= await scratch.database();
      await sweep(kept);
      borrower = lend(kept, giveBack);
      return borrower;
    },
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

/** It stays when whoever has it lets it go. */
function lend(database: ScratchDatabase, giveBack: () => void): ScratchDatabase {
  return {
    run: (sql) => database.run(sql),
    query: (sql) => database.query(sql),
    [Symbol.asyncDispose]: async () => giveBack(),
  };
}

/** Leaves it as a new one, but for what PostgreSQL keeps of old names. */
export async function sweep(database: ScratchDatabase): Promise<void> {
  await database.run("ROLLBACK");
  await database.run(SWEEP);
  await database.run("DISCARD ALL");
}

/** All that a migration can leave, roles included. What PostgreSQL itself made has an OID below 16384, but for `public`. */
const SWEEP = `DO $sweep$
DECLARE
  dropping text;
BEGIN
  FOR dropping IN
    SELECT format('DROP EVENT TRIGGER %I', evtname) FROM pg_event_trigger
    UNION ALL SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication
    UNION ALL SELECT format('DROP EXTENSION %I CASCADE', extname) FROM pg_extension WHERE extname <> 'plpgsql'
    UNION ALL SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
      WHERE oid >= 16384 AND nspname !~ '^pg_' OR nspname = 'public'
  LOOP EXECUTE dropping; END LOOP;
  FOR dropping IN
    SELECT format('DROP SERVER %I CASCADE', srvname) FROM pg_foreign_server
    UNION ALL SELECT format('DROP FOREIGN DATA WRAPPER %I CASCADE', fdwname) FROM pg_foreign_data_wrapper
    UNION ALL SELECT format('DROP CAST (%s AS %s)', castsource::regtype, casttarget::regtype) FROM pg_cast WHERE oid >= 16384
    UNION ALL SELECT format('DROP OWNED BY %I', rolname) FROM pg_roles WHERE oid >= 16384
  LOOP EXECUTE dropping; END LOOP;
  FOR dropping IN
    SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE oid >= 16384
  LOOP EXECUTE dropping; END LOOP;
END $sweep$;
CREATE SCHEMA public;
GRANT USAGE ON SCHEMA public TO PUBLIC;`;
