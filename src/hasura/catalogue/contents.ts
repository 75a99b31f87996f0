import { z } from "zod";
import type { CatalogueObject, Row, TableRows } from "../../domain/catalogue.js";
import { grouped } from "../../domain/grouped.js";
import type { ScratchDatabase } from "../scratch/scratch.js";

export interface Contents {
  readonly rows: readonly TableRows[];
  /** What each sequence gives next, by its name. */
  readonly values: ReadonlyMap<string, string>;
}

/** The rows of every ordinary table and the state of every sequence. Not of views: theirs follow from these. */
export async function readContents(
  database: ScratchDatabase,
  objects: readonly CatalogueObject[],
): Promise<Contents> {
  const tables = tablesOf(objects);
  const queries = [...tables.map(rowsQuery), ...objects.flatMap(valueQuery)];
  const contents = new Map<string, string[]>(tables.map((table) => [table.name, []]));
  const values = new Map<string, string>();
  for (const query of batches(queries)) {
    for (const row of await database.query(query)) {
      const { kind, name, content } = line.parse(row);
      if (kind === "value") values.set(name, content);
      else contents.get(name)?.push(content);
    }
  }
  return { rows: tables.map((table) => tableRows(table, contents.get(table.name) ?? [])), values };
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

const line = z.object({
  kind: z.enum(["row", "value"]),
  name: z.string(),
  content: z.string(),
});

const values = z.array(z.string().nullable());

function tablesOf(objects: readonly CatalogueObject[]): readonly Table[] {
  const columns = grouped(
    objects.filter((object) => object.kind === "column"),
    (object) => object.traits["table"] ?? "",
  );
  return objects
    .filter((object) => object.kind === "table" && object.traits["kind"] === "ordinary")
    .map(({ name }) => ({
      name,
      columns: (columns.get(name) ?? [])
        .toSorted((one, other) => Number(one.traits["position"]) - Number(other.traits["position"]))
        .map((column) => column.traits["column"] ?? ""),
      key: keyOf(objects, name),
    }));
}

const PRIMARY_KEY = /^PRIMARY KEY \((.*?)\)/;

function keyOf(objects: readonly CatalogueObject[], table: string): readonly string[] {
  for (const { kind, traits } of objects) {
    const columns =
      kind === "constraint" && traits["table"] === table
        ? PRIMARY_KEY.exec(traits["definition"] ?? "")?.[1]
        : undefined;
    if (columns !== undefined) return names(columns);
  }
  return [];
}

/** Reads a list of identifiers: `id, "the ""odd"" one"`. */
function names(list: string): readonly string[] {
  return [...list.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}

function rowsQuery({ name, columns }: Table): string {
  const texts = columns.map((column) => `"${column.replaceAll('"', '""')}"::text`);
  return `SELECT 'row' AS kind, ${literal(name)} AS name, array_to_json(ARRAY[${texts.join(", ")}]::text[])::text AS content FROM ONLY ${name}`;
}

/** Reckoned as numeric: the last value of a full sequence has no next one within bigint. */
function valueQuery({ kind, name, traits }: CatalogueObject): readonly string[] {
  if (kind !== "sequence") return [];
  return [
    `SELECT 'value' AS kind, ${literal(name)} AS name,
      (last_value::numeric + CASE WHEN is_called THEN ${traits["increment"]} ELSE 0 END)::text AS content FROM ${name}`,
  ];
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** So many to a query, to stay far below the depth that PostgreSQL's planner takes. */
const BATCH = 200;

function batches(queries: readonly string[]): readonly string[] {
  const count = Math.ceil(queries.length / BATCH);
  return Array.from({ length: count }, (_, at) =>
    queries.slice(at * BATCH, (at + 1) * BATCH).join("\nUNION ALL\n"),
  );
}

function tableRows({ name, columns, key }: Table, contents: readonly string[]): TableRows {
  const rows = contents.map((content): Row => {
    const read = values.parse(JSON.parse(content));
    return Object.fromEntries(columns.map((column, at) => [column, read[at] ?? null]));
  });
  return { table: name, key, rows };
}
