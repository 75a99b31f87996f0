import { assertHeld } from "./held-value.js";
import type { HeldSource, Place } from "./source.js";
import type {
  SourceServer,
  StagedColumn,
  TableSnapshot,
  TextRow,
  WantedTable,
} from "./source-server.js";

/** One at a time: whoever extracts holds the source. */
const COPY: Place = { catalog: "staged", schema: "main", table: "copy" };

/**
 * Does `work` on a copy of the table that the server has, and throws the copy away; or on the DuckDB source's own table, where the
 * server has none.
 */
export async function onCopy<Result>(
  wanted: WantedTable,
  { server, source }: { readonly server: SourceServer | undefined; readonly source: HeldSource },
  work: (place: Place) => Promise<Result>,
): Promise<Result> {
  try {
    const copied = await server?.snapshot(wanted, async (snapshot) => {
      await copy(snapshot, source);
      return COPY;
    });
    return await work(copied ?? { catalog: "source", schema: wanted.schema, table: wanted.name });
  } finally {
    await source.query(`DROP TABLE IF EXISTS ${nameOf(COPY)}`);
  }
}

export function nameOf({ catalog, schema, table }: Place): string {
  return [catalog, schema, table].map(quote).join(".");
}

async function copy({ columns, rows }: TableSnapshot, source: HeldSource): Promise<void> {
  const defined = columns.map(({ name, type }) => `${quote(name)} ${type}`).join(", ");
  await source.query(`CREATE TABLE ${nameOf(COPY)} (${defined})`);
  await source.append(COPY, held(columns, rows));
}

/** The same rows, once each of their values is known to fit. */
async function* held(
  columns: readonly StagedColumn[],
  batches: AsyncIterable<readonly TextRow[]>,
): AsyncGenerator<readonly TextRow[]> {
  for await (const batch of batches) {
    for (const row of batch) assertRowHeld(columns, row);
    yield batch;
  }
}

function assertRowHeld(columns: readonly StagedColumn[], row: TextRow): void {
  for (const [index, column] of columns.entries()) {
    const value = row[index] ?? null;
    if (value !== null) assertHeld(column, value);
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
