import type { Catalogue, CatalogueObject } from "./catalogue.js";
import type { DataType } from "./data-types.js";
import { notEmulated } from "./errors.js";
import { printObject } from "./identifiers.js";
import { type Cell, listing } from "./listings.js";
import { countCommitted } from "./storage.js";

/** One table of INFORMATION_SCHEMA as a subquery, holding what the role may see. */
export function informationSchema(
  table: string,
  objects: readonly CatalogueObject[],
  catalogue: Catalogue,
): string {
  switch (table) {
    case "TABLES":
      return listing(TABLES, objects.map(tableRow));
    case "COLUMNS":
      return listing(COLUMNS, objects.flatMap(columnRows));
    case "SCHEMATA":
      return listing(
        SCHEMATA,
        catalogue.schemas.map((schema) => [catalogue.database, schema]),
      );
    case "VIEWS":
      return listing(VIEWS, objects.flatMap(viewRows));
    default:
      throw notEmulated(`INFORMATION_SCHEMA.${table}`);
  }
}

const TABLES = {
  TABLE_CATALOG: "VARCHAR",
  TABLE_SCHEMA: "VARCHAR",
  TABLE_NAME: "VARCHAR",
  TABLE_OWNER: "VARCHAR",
  TABLE_TYPE: "VARCHAR",
  IS_TRANSIENT: "VARCHAR",
  CLUSTERING_KEY: "VARCHAR",
  ROW_COUNT: "BIGINT",
  BYTES: "BIGINT",
  RETENTION_TIME: "BIGINT",
  CREATED: "TIMESTAMPTZ",
  LAST_ALTERED: "TIMESTAMPTZ",
  COMMENT: "VARCHAR",
};

function tableRow(object: CatalogueObject): readonly Cell[] {
  const created = object.createdOn.toISOString();
  return [
    ...[object.database, object.schema, object.name, object.owner],
    tableType(object),
    object.kind === "TRANSIENT" ? "YES" : "NO",
    null,
    rowCount(object),
    null,
    retentionDays(object),
    created,
    created,
    object.comment === "" ? null : object.comment,
  ];
}

function tableType({ kind }: CatalogueObject): string {
  if (kind === "VIEW") return "VIEW";
  return kind === "TEMPORARY" ? "LOCAL TEMPORARY" : "BASE TABLE";
}

/** Counted when the listing is read; null for a view. */
export function rowCount(object: CatalogueObject): Cell {
  if (object.kind === "VIEW") return null;
  return { sql: countCommitted(object.stored) };
}

/** Time Travel's default for a table of its kind; null for a view. */
export function retentionDays(object: CatalogueObject): Cell {
  return object.kind === "VIEW" ? null : 1;
}

const COLUMNS = {
  TABLE_CATALOG: "VARCHAR",
  TABLE_SCHEMA: "VARCHAR",
  TABLE_NAME: "VARCHAR",
  COLUMN_NAME: "VARCHAR",
  ORDINAL_POSITION: "BIGINT",
  COLUMN_DEFAULT: "VARCHAR",
  IS_NULLABLE: "VARCHAR",
  DATA_TYPE: "VARCHAR",
  CHARACTER_MAXIMUM_LENGTH: "BIGINT",
  NUMERIC_PRECISION: "BIGINT",
  NUMERIC_SCALE: "BIGINT",
  DATETIME_PRECISION: "BIGINT",
  COMMENT: "VARCHAR",
};

function columnRows(object: CatalogueObject): readonly (readonly Cell[])[] {
  return object.columns.map((column, index) => [
    ...[object.database, object.schema, object.name, column.name],
    index + 1,
    column.default ?? null,
    column.nullable ? "YES" : "NO",
    column.type.kind.toUpperCase(),
    column.type.kind === "text" ? column.type.length : null,
    column.type.kind === "number" ? column.type.precision : null,
    column.type.kind === "number" ? column.type.scale : null,
    timePrecision(column.type),
    null,
  ]);
}

function timePrecision(type: DataType): number | null {
  return "scale" in type && type.kind !== "number" ? type.scale : null;
}

const SCHEMATA = { CATALOG_NAME: "VARCHAR", SCHEMA_NAME: "VARCHAR" };

const VIEWS = {
  TABLE_CATALOG: "VARCHAR",
  TABLE_SCHEMA: "VARCHAR",
  TABLE_NAME: "VARCHAR",
  VIEW_DEFINITION: "VARCHAR",
};

function viewRows(object: CatalogueObject): readonly (readonly Cell[])[] {
  if (object.kind !== "VIEW") return [];
  const { database, schema, name, text } = object;
  const definition = `CREATE VIEW ${printObject(object)} AS ${text}`;
  return [[database, schema, name, definition]];
}
