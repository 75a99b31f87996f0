import { cleanly, type EmulatedPostgres, lastResult, type Run, refusalOf } from "./postgres.js";

/** Made once in a process: to make one costs five times what to load one costs. */
let newCluster: Promise<File | Blob> | undefined;

/** PostgreSQL in this process: one session, taken in turn. Needs the optional package `@electric-sql/pglite`. */
export async function openPglite(): Promise<EmulatedPostgres> {
  const { PGlite } = await import("@electric-sql/pglite");
  newCluster ??= PGlite.create().then(async (first) => {
    const files = await first.dumpDataDir("none");
    await first.close();
    return files;
  });
  const pglite = await PGlite.create({ loadDataDir: await newCluster });
  const { rows } = await pglite.query<{ oid: number }>("SELECT oid::int AS oid FROM pg_type");
  // Left alone, it would turn numbers, times and arrays into values of JavaScript.
  const parsers = Object.fromEntries(rows.map(({ oid }) => [oid, (text: string) => text]));
  const run: Run = async (sql) => {
    try {
      return lastResult(await pglite.exec(sql, { rowMode: "array", parsers }));
    } catch (error) {
      throw refusalOf(error);
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    session(work) {
      const turn = last.then(() => cleanly(run, work));
      last = turn.catch(() => undefined);
      return turn;
    },
    async [Symbol.asyncDispose]() {
      await last;
      await pglite.close();
    },
  };
}
