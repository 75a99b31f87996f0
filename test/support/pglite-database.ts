import { PGlite } from "@electric-sql/pglite";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { hstore } from "@electric-sql/pglite/contrib/hstore";
import { ltree } from "@electric-sql/pglite/contrib/ltree";
import { type ScratchDatabase, SqlError } from "#src/hasura/scratch/scratch.js";

/** A database in this process. */
export async function aDatabase(): Promise<ScratchDatabase> {
  const pglite = await PGlite.create({ extensions: { btree_gist, citext, hstore, ltree } });
  const types = await pglite.query<{ oid: number }>("SELECT oid FROM pg_type");
  const parsers = Object.fromEntries(types.rows.map(({ oid }) => [oid, (text: string) => text]));
  return {
    run: async (sql) => {
      await pglite.exec(sql).catch(refuse);
    },
    query: async (sql) => {
      const answer = await pglite
        .query<Record<string, string | null>>(sql, [], { parsers })
        .catch(refuse);
      return answer.rows;
    },
    [Symbol.asyncDispose]: () => pglite.close(),
  };
}

function refuse(error: Error & Record<string, string | undefined>): never {
  const { code: sqlState = "XX000", message, detail, table, column, constraint } = error;
  throw new SqlError(message, { sqlState, detail, table, column, constraint }, { cause: error });
}
