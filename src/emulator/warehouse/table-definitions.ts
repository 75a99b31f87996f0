import type { CatalogueColumn, CatalogueTable } from "./catalogue.js";
import { readDataType } from "./data-types.js";
import { fullName } from "./environments.js";
import { columnExists, notEmulated, objectExists, SnowflakeError } from "./errors.js";
import { type ObjectName, printObject } from "./identifiers.js";
import type { Desk, Plan } from "./plans.js";
import { describeQuery } from "./result-columns.js";
import { createTable, dropTable, insertRows, visibleRows } from "./storage.js";
import { readObjectPath, type Translation } from "./translation.js";

export type TableKind = CatalogueTable["kind"];

/** CREATE … TABLE, after the word TABLE: with columns, AS SELECT, CLONE or LIKE. */
export function readTableDefinition(desk: Desk, kind: TableKind, replaces: boolean): Plan {
  const { t, engine, session } = desk;
  const isOptional = t.reader.accept("IF", "NOT", "EXISTS");
  const name = fullName(engine, session, readObjectPath(t));
  if (kind !== "TEMPORARY")
    engine.grants.requireOnSchema(session.role, name.schema, "CREATE TABLE");
  const content = readContent(t, kind);
  const comment = readComment(t);
  const existing = engine.catalogue.find(name, kind === "TEMPORARY" ? session.id : undefined);
  const isTaken = existing !== undefined && isSameScope(existing, kind);
  if (isTaken && isOptional) return already(desk, name);
  if (isTaken && (!replaces || existing.kind === "VIEW")) throw objectExists(printObject(name));
  return {
    kind: "definition",
    queries: content.query === undefined ? [] : [content.query],
    apply: async () => {
      if (isTaken && existing.kind !== "VIEW") await dropStored(desk, existing);
      await make(desk, { name, kind, comment, content });
      return `Table ${name.name} successfully created.`;
    },
  };
}

function isSameScope(existing: { readonly kind: string }, kind: TableKind): boolean {
  return kind !== "TEMPORARY" || existing.kind === "TEMPORARY";
}

/** One that another session is about to make is named already, and waited for. */
function already({ engine }: Desk, { name }: ObjectName): Plan {
  return {
    kind: "definition",
    queries: [],
    apply: async () => {
      await engine.storage.settled();
      return `${name} already exists, statement succeeded.`;
    },
  };
}

/** Columns that are declared or copied, and the query whose rows come in; without columns they are the query's. */
interface Content {
  readonly columns: readonly CatalogueColumn[] | undefined;
  readonly query: string | undefined;
}

function readContent(t: Translation, kind: TableKind): Content {
  if (t.reader.accept("CLONE")) return readClone(t, kind);
  if (t.reader.accept("LIKE")) return { ...readClone(t, kind), query: undefined };
  if (t.reader.accept("AS")) return { columns: undefined, query: t.query() };
  const columns = readColumns(t);
  return { columns, query: t.reader.accept("AS") ? t.query() : undefined };
}

function readClone(t: Translation, kind: TableKind): Content {
  const source = t.environment.resolve(readObjectPath(t), "SELECT");
  if (source.kind === "VIEW") throw notEmulated("CLONE of a view");
  if (t.reader.sees("AT") || t.reader.sees("BEFORE")) throw notEmulated("Time Travel");
  if (t.reader.sees("COPY")) throw notEmulated("COPY GRANTS");
  if (source.kind !== "TABLE" && source.kind !== kind) {
    const text = `${source.kind.toLowerCase()} object cannot be cloned to a ${kind === "TABLE" ? "permanent" : kind.toLowerCase()} object.`;
    throw new SnowflakeError("002120", "0A000", `SQL compilation error:\n${text}`);
  }
  return { columns: source.columns, query: visibleRows(source, t.environment.transaction) };
}

function readColumns(t: Translation): readonly CatalogueColumn[] {
  const columns: CatalogueColumn[] = [];
  const keys: string[] = [];
  t.reader.parenthesized(() =>
    t.reader.list(() => {
      const key = readPrimaryKey(t);
      if (key === undefined) columns.push(readColumn(t));
      else keys.push(...key);
    }),
  );
  for (const [index, { name }] of columns.entries()) {
    if (columns.findIndex((other) => other.name === name) < index) throw columnExists(name);
  }
  return columns.map((one) =>
    keys.includes(one.name) ? { ...one, isPrimaryKey: true, nullable: false } : one,
  );
}

function readPrimaryKey(t: Translation): readonly string[] | undefined {
  if (t.reader.sees("CONSTRAINT")) {
    t.reader.next();
    t.reader.identifier();
  }
  const unique = t.reader.accept("UNIQUE");
  if (!unique && !t.reader.accept("PRIMARY", "KEY")) return undefined;
  const names = t.reader.parenthesized(() => t.reader.list(() => t.reader.identifier()));
  return unique ? [] : names;
}

/** One column of CREATE TABLE or ALTER TABLE ADD COLUMN. Keys are noted and not enforced, as in Snowflake. */
export function readColumn(t: Translation): CatalogueColumn {
  const name = t.reader.identifier();
  let declared: CatalogueColumn = { name, type: readDataType(t.reader), nullable: true };
  for (;;) {
    const next = readConstraint(t, declared);
    if (next === undefined) return declared;
    declared = next;
  }
}

function readConstraint(t: Translation, declared: CatalogueColumn): CatalogueColumn | undefined {
  if (t.reader.accept("NOT", "NULL")) return { ...declared, nullable: false };
  if (t.reader.accept("NULL")) return declared;
  if (t.reader.accept("PRIMARY", "KEY"))
    return { ...declared, isPrimaryKey: true, nullable: false };
  if (t.reader.accept("UNIQUE")) return declared;
  if (t.reader.accept("COMMENT")) {
    t.reader.text();
    return declared;
  }
  if (!t.reader.accept("DEFAULT")) return undefined;
  const { start } = t.reader.peek();
  t.expression();
  return { ...declared, default: t.reader.source.slice(start, t.reader.lastEnd()) };
}

export function readComment(t: Translation): string {
  if (!t.reader.accept("COMMENT")) return "";
  t.reader.expect("=");
  return t.reader.text();
}

interface NewTable {
  readonly name: ObjectName;
  readonly kind: TableKind;
  readonly comment: string;
  readonly content: Content;
}

async function make(desk: Desk, { name, kind, comment, content }: NewTable): Promise<void> {
  const { engine, session, t } = desk;
  const columns = content.columns ?? (await queriedColumns(desk, content.query ?? ""));
  const temporary = kind === "TEMPORARY" ? session.id : undefined;
  const table: CatalogueTable = {
    ...name,
    kind,
    comment,
    columns,
    owner: session.role,
    createdOn: t.environment.now,
    stored: engine.storage.place(name, temporary),
    ...(temporary === undefined ? {} : { session: temporary }),
  };
  engine.catalogue.add(table);
  engine.grants.welcome(table);
  try {
    await engine.storage.write(session.connection, async () => {
      await session.connection.run(createTable(table.stored, columns));
      if (content.query === undefined) return;
      const query = `SELECT * FROM (${content.query})`;
      const names = columns.map((one) => one.name);
      await session.connection.run(insertRows(table, names, { query, mark: null }));
    });
  } catch (error) {
    engine.catalogue.remove(table);
    throw error;
  }
}

async function queriedColumns(
  { session, t }: Desk,
  query: string,
): Promise<readonly CatalogueColumn[]> {
  const described = await describeQuery(session.connection, query, t.sources);
  return described.map(({ name, type }) => ({ name, type, nullable: true }));
}

/** Takes a table away, with what was granted on it. */
export async function dropStored({ engine, session }: Desk, table: CatalogueTable): Promise<void> {
  await engine.storage.write(session.connection, () =>
    session.connection.run(dropTable(table.stored)),
  );
  engine.catalogue.remove(table);
  engine.grants.forget(table);
}
