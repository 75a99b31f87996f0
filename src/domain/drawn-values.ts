import type { CatalogueObject, Difference, Snapshot } from "./catalogue.js";
import { compareSnapshots } from "./catalogue-comparison.js";
import { grouped } from "./grouped.js";

/**
 * In what two runs of the same statements differ, at two moments or in two databases. Values that a default draws anew each time, as
 * `now()`, `gen_random_uuid()` and a sequence do, count as equal where both are there or both are null.
 */
export function compareRuns(one: Snapshot, other: Snapshot): readonly Difference[] {
  const differences = compareSnapshots(one, other);
  if (differences.every(({ aspect, object }) => aspect !== "rows" || isOfSequence(one, object))) {
    return differences;
  }
  const drawn = drawnColumns([...one.objects, ...other.objects]);
  return compareSnapshots(withoutDrawn(one, drawn), withoutDrawn(other, drawn));
}

function isOfSequence({ objects }: Snapshot, name: string): boolean {
  return objects.some((object) => object.kind === "sequence" && object.name === name);
}

type Drawn = ReadonlyMap<string, ReadonlySet<string>>;

/** The columns with drawn values of each table; what is generated may be made of them. */
function drawnColumns(objects: readonly CatalogueObject[]): Drawn {
  const columns = objects.filter(({ kind }) => kind === "column");
  const byTable = grouped(columns, ({ traits }) => traits["table"] ?? "");
  return new Map(
    [...byTable]
      .filter(([, all]) => all.some(isDrawn))
      .map(([table, all]) => {
        const drawn = all.filter((one) => isDrawn(one) || one.traits["generated"] != null);
        return [table, new Set(drawn.map(({ traits }) => traits["column"] ?? ""))];
      }),
  );
}

function isDrawn({ traits }: CatalogueObject): boolean {
  if (traits["identity"] != null) return true;
  const bare = (traits["default"] ?? "")
    .replaceAll(/'(?:[^']|'')*'/g, "")
    .replaceAll(TYPE_WITH_LENGTH, "");
  return CALL.test(bare);
}

/** `::character varying(12)` is no call. */
const TYPE_WITH_LENGTH = /::[\w" .]+\([\d, -]*\)/g;
const CALL = /[\w"]\(|\b(?:CURRENT_|LOCALTIME|SESSION_USER)/;

function withoutDrawn(snapshot: Snapshot, drawn: Drawn): Snapshot {
  const rows = snapshot.rows.map((table) => {
    const columns = drawn.get(table.table);
    if (columns === undefined) return table;
    const plain = table.rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([column, value]) =>
          columns.has(column) && value !== null ? [column, "drawn"] : [column, value],
        ),
      ),
    );
    return { ...table, rows: plain };
  });
  return { ...snapshot, rows };
}
