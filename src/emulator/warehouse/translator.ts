import { Binds } from "./binds.js";
import type { CatalogueView } from "./catalogue.js";
import { readExpression } from "./expressions.js";
import { column, quote } from "./identifiers.js";
import { readQuery } from "./queries.js";
import { visibleRows } from "./storage.js";
import { TokenReader } from "./token-reader.js";
import type { Environment, Translation } from "./translation.js";

export interface Source {
  readonly sql: string;
  readonly binds: Binds;
  /** The DuckDB catalog that holds what DuckDB was taught. */
  readonly database: string;
}

/** Begins to translate one statement: joins the parts of the grammar, which call each other, into one. */
export function startTranslation(source: Source, environment: Environment): Translation {
  const t: Translation = {
    reader: new TokenReader(source.sql),
    binds: source.binds,
    environment,
    taught: `${quote(source.database)}.main.`,
    commonTables: [],
    sources: { tables: [], computed: new Set() },
    views: [],
    query: () => readQuery(t),
    expression: () => readExpression(t),
    translate: (text) => startTranslation({ ...source, sql: text }, environment).expression().sql,
    relation: (path) => relation(t, path, source.database),
  };
  return t;
}

function relation(t: Translation, path: readonly string[], database: string): string {
  const [only] = path;
  if (only !== undefined && path.length === 1 && isCommonTable(t, only)) return column(only);
  const listing = t.environment.informationSchema(path);
  if (listing !== undefined) return listing;
  const object = t.environment.resolve(path, "SELECT");
  if (object.kind === "VIEW") return viewRows(t, object, database);
  t.sources.tables.push(object);
  return visibleRows(object, t.environment.transaction);
}

function isCommonTable(t: Translation, name: string): boolean {
  return t.commonTables.some((tables) => tables.includes(name));
}

function viewRows(t: Translation, view: CatalogueView, database: string): string {
  const inner = startTranslation(
    { sql: view.text, binds: new Binds(), database },
    t.environment.asOwnerOf(view),
  );
  const query = inner.query();
  inner.reader.end();
  t.views.push({ view, query }, ...inner.views);
  t.sources.tables.push(...inner.sources.tables);
  for (const name of inner.sources.computed) t.sources.computed.add(name);
  const names = view.columns.map(({ name }) => column(name)).join(", ");
  return `(SELECT * FROM (${query}) AS "~ view"(${names}))`;
}
