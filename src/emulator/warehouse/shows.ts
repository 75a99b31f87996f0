import type { CatalogueColumn, CatalogueObject } from "./catalogue.js";
import { printDataType } from "./data-types.js";
import { fullName, visibleObjects } from "./environments.js";
import { notEmulated, objectMissing } from "./errors.js";
import { retentionDays, rowCount } from "./information-schema.js";
import { type Cell, listing } from "./listings.js";
import type { Desk, Plan } from "./plans.js";
import { readObjectPath, type Translation } from "./translation.js";

/** SHOW TABLES, VIEWS, SCHEMAS, COLUMNS and PARAMETERS. */
export function readShow(desk: Desk): Plan {
  const { t } = desk;
  t.reader.expect("SHOW");
  t.reader.accept("TERSE");
  if (t.reader.accept("TABLES")) return readObjects(desk, TABLES, tableRow);
  if (t.reader.accept("VIEWS")) return readObjects(desk, VIEWS, viewRow);
  if (t.reader.accept("SCHEMAS")) return readSchemas(desk);
  if (t.reader.accept("COLUMNS")) return readColumns(desk);
  if (t.reader.accept("PARAMETERS")) return readParameters(desk);
  throw notEmulated(`SHOW ${t.reader.peek().text}`);
}

function shown(
  columns: Readonly<Record<string, string>>,
  rows: readonly (readonly Cell[])[],
  word: "SHOW" | "DESCRIBE" = "SHOW",
): Plan {
  const sql = `SELECT * FROM ${listing(columns, rows)}`;
  return { kind: "query", word, sql, sources: { tables: [], computed: new Set() } };
}

const VARCHAR = "VARCHAR";
const VIEWS = {
  created_on: "TIMESTAMPTZ",
  name: VARCHAR,
  database_name: VARCHAR,
  schema_name: VARCHAR,
  kind: VARCHAR,
  comment: VARCHAR,
  owner: VARCHAR,
};
const TABLES = {
  created_on: "TIMESTAMPTZ",
  name: VARCHAR,
  database_name: VARCHAR,
  schema_name: VARCHAR,
  kind: VARCHAR,
  comment: VARCHAR,
  cluster_by: VARCHAR,
  rows: "BIGINT",
  bytes: "BIGINT",
  owner: VARCHAR,
  retention_time: VARCHAR,
};

function viewRow(object: CatalogueObject): readonly Cell[] | undefined {
  return object.kind === "VIEW"
    ? [...commonCells(object), object.comment, object.owner]
    : undefined;
}

function tableRow(object: CatalogueObject): readonly Cell[] | undefined {
  if (object.kind === "VIEW") return undefined;
  return [
    ...commonCells(object),
    object.comment,
    "",
    rowCount(object),
    null,
    object.owner,
    retentionDays(object),
  ];
}

function commonCells({
  createdOn,
  name,
  database,
  schema,
  kind,
}: CatalogueObject): readonly Cell[] {
  return [createdOn.toISOString(), name, database, schema, kind];
}

function readObjects(
  desk: Desk,
  columns: Readonly<Record<string, string>>,
  row: (object: CatalogueObject) => readonly Cell[] | undefined,
): Plan {
  const isLike = readLike(desk.t);
  const schema = readSchemaScope(desk);
  const objects = visibleObjects(desk.engine, { role: desk.session.role, session: desk.session.id })
    .filter((object) => isLike(object.name) && (schema === undefined || object.schema === schema))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return shown(
    columns,
    objects.flatMap((object) => {
      const cells = row(object);
      return cells === undefined ? [] : [cells];
    }),
  );
}

/** LIKE of SHOW ignores case. */
function readLike(t: Translation): (name: string) => boolean {
  if (!t.reader.accept("LIKE")) return () => true;
  const pattern = t.reader.text().replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const expression = new RegExp(
    `^${pattern.replaceAll("%", "[\\s\\S]*").replaceAll("_", "[\\s\\S]")}$`,
    "i",
  );
  return (name) => expression.test(name);
}

function readSchemaScope({ t, engine, session }: Desk): string | undefined {
  if (!t.reader.accept("IN")) return session.schema;
  if (t.reader.accept("ACCOUNT")) return undefined;
  if (t.reader.accept("DATABASE")) {
    if (t.reader.peek().kind !== "end" && t.reader.identifier() !== engine.catalogue.database) {
      throw objectMissing("Database", t.reader.source);
    }
    return undefined;
  }
  t.reader.accept("SCHEMA");
  const path = readObjectPath(t);
  return fullName(engine, session, [...path, ""]).schema;
}

function readSchemas({ t, engine }: Desk): Plan {
  const isLike = readLike(t);
  const rows = engine.catalogue.schemas
    .filter(isLike)
    .map((name) => [name, engine.catalogue.database]);
  return shown({ name: VARCHAR, database_name: VARCHAR }, rows);
}

function readColumns(desk: Desk): Plan {
  const { t } = desk;
  const isLike = readLike(t);
  t.reader.expect("IN");
  if (!t.reader.accept("TABLE")) t.reader.accept("VIEW");
  const object = t.environment.resolve(readObjectPath(t), "SELECT");
  const columns = {
    table_name: VARCHAR,
    schema_name: VARCHAR,
    column_name: VARCHAR,
    data_type: VARCHAR,
    "null?": VARCHAR,
    default: VARCHAR,
    kind: VARCHAR,
    database_name: VARCHAR,
  };
  const rows = object.columns
    .filter(({ name }) => isLike(name))
    .map((column) => [
      ...[object.name, object.schema, column.name, typeAsJson(column)],
      column.nullable ? "true" : "NOT_NULL",
      column.default ?? "",
      "COLUMN",
      object.database,
    ]);
  return shown(columns, rows);
}

function typeAsJson({ type, nullable }: CatalogueColumn): string {
  const { kind, ...rest } = type;
  const names: Readonly<Record<string, string>> = { number: "FIXED", float: "REAL" };
  return JSON.stringify({ type: names[kind] ?? kind.toUpperCase(), ...rest, nullable });
}

function readParameters({ t, session }: Desk): Plan {
  const isLike = readLike(t);
  if (t.reader.accept("IN")) t.reader.expect("SESSION");
  const rows = [...session.parameters]
    .filter(([key]) => isLike(key))
    .map(([key, value]) => [key, value]);
  return shown({ key: VARCHAR, value: VARCHAR }, rows);
}

/** DESC[RIBE] [TABLE|VIEW] t */
export function readDescribe({ t }: Desk): Plan {
  t.reader.next();
  if (!t.reader.accept("TABLE")) t.reader.accept("VIEW");
  const object = t.environment.resolve(readObjectPath(t), "SELECT");
  const columns = {
    name: VARCHAR,
    type: VARCHAR,
    kind: VARCHAR,
    "null?": VARCHAR,
    default: VARCHAR,
    "primary key": VARCHAR,
    "unique key": VARCHAR,
    check: VARCHAR,
    expression: VARCHAR,
    comment: VARCHAR,
    "policy name": VARCHAR,
  };
  const rows = object.columns.map((column) => [
    ...[column.name, printDataType(column.type), "COLUMN", column.nullable ? "Y" : "N"],
    column.default ?? null,
    column.isPrimaryKey === true ? "Y" : "N",
    ...["N", null, null, null, null],
  ]);
  return shown(columns, rows, "DESCRIBE");
}
