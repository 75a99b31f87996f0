import {
  type DuckDBConnection,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from "@duckdb/node-api";
import { type DataType, duckdbType, LONGEST_TEXT } from "./data-types.js";
import { fromDuckdb, notEmulated } from "./errors.js";
import { decodeName } from "./identifiers.js";
import type { Sources } from "./translation.js";

export interface ResultColumn {
  readonly name: string;
  readonly type: DataType;
  /** Where nothing is said, null may come. */
  readonly nullable?: boolean;
}

/** What a query brought. */
export interface QueryRows {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly DuckDBValue[])[];
}

/** What columns a query would bring. The query is compiled and not run. */
export async function describeQuery(
  connection: DuckDBConnection,
  sql: string,
  sources?: Sources,
): Promise<readonly ResultColumn[]> {
  const prepared = await connection.prepare(sql).catch((error: unknown) => {
    throw fromDuckdb(error);
  });
  try {
    return resultColumns(prepared, sources);
  } finally {
    prepared.destroySync();
  }
}

interface Described {
  readonly columnCount: number;
  columnName(index: number): string;
  columnType(index: number): DuckDBType;
}

export function resultColumns(described: Described, sources?: Sources): readonly ResultColumn[] {
  return Array.from({ length: described.columnCount }, (_, index) => {
    const name = decodeName(described.columnName(index));
    const type = snowflakeType(described.columnType(index));
    return { name, type, ...declaredColumn(name, type, sources) };
  });
}

/**
 * DuckDB forgets what Snowflake declared: a text's length, TZ or LTZ, NOT NULL. Where a column of the result has the name
 * of a column that was read, could be it, and was not computed, it is taken to be it.
 */
function declaredColumn(
  name: string,
  type: DataType,
  sources?: Sources,
): Omit<ResultColumn, "name"> | undefined {
  if (sources === undefined || sources.computed.has(name)) return undefined;
  const isAlone = sources.tables.length === 1;
  for (const table of sources.tables) {
    const declared = table.columns.find((column) => column.name === name);
    if (declared === undefined || duckdbType(declared.type) !== duckdbType(type)) continue;
    // A join or a union may add nulls to what has none.
    return { type: declared.type, nullable: !isAlone || declared.nullable !== false };
  }
  return undefined;
}

function snowflakeType(type: DuckDBType): DataType {
  if (type.alias === "JSON") return { kind: "variant" };
  if (type.typeId === DuckDBTypeId.DECIMAL && "width" in type) {
    return { kind: "number", precision: type.width, scale: type.scale };
  }
  const known = TYPES[type.typeId];
  if (known === undefined) throw notEmulated(`a result of type ${type.toString()}`);
  return known;
}

const integer: DataType = { kind: "number", precision: 38, scale: 0 };
const text: DataType = { kind: "text", length: LONGEST_TEXT };
const timestamp: DataType = { kind: "timestamp_ntz", scale: 9 };

const TYPES: Readonly<Partial<Record<DuckDBTypeId, DataType>>> = {
  [DuckDBTypeId.BOOLEAN]: { kind: "boolean" },
  [DuckDBTypeId.TINYINT]: integer,
  [DuckDBTypeId.SMALLINT]: integer,
  [DuckDBTypeId.INTEGER]: integer,
  [DuckDBTypeId.BIGINT]: { kind: "number", precision: 18, scale: 0 },
  [DuckDBTypeId.UBIGINT]: integer,
  [DuckDBTypeId.HUGEINT]: integer,
  [DuckDBTypeId.FLOAT]: { kind: "float" },
  [DuckDBTypeId.DOUBLE]: { kind: "float" },
  [DuckDBTypeId.VARCHAR]: text,
  [DuckDBTypeId.SQLNULL]: text,
  [DuckDBTypeId.BLOB]: { kind: "binary", length: 8_388_608 },
  [DuckDBTypeId.DATE]: { kind: "date" },
  [DuckDBTypeId.TIME]: { kind: "time", scale: 9 },
  [DuckDBTypeId.TIMESTAMP]: timestamp,
  [DuckDBTypeId.TIMESTAMP_S]: timestamp,
  [DuckDBTypeId.TIMESTAMP_MS]: timestamp,
  [DuckDBTypeId.TIMESTAMP_NS]: timestamp,
  [DuckDBTypeId.TIMESTAMP_TZ]: { kind: "timestamp_ltz", scale: 9 },
};
