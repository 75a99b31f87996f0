import { notEmulated } from "./errors.js";
import { quote } from "./identifiers.js";
import { TokenReader } from "./token-reader.js";

/** A Snowflake data type. A timestamp's scale is as declared; DuckDB keeps microseconds. */
export type DataType =
  | { readonly kind: "number"; readonly precision: number; readonly scale: number }
  | { readonly kind: "text"; readonly length: number }
  | { readonly kind: "binary"; readonly length: number }
  | {
      readonly kind: "timestamp_ntz" | "timestamp_ltz" | "timestamp_tz" | "time";
      readonly scale: number;
    }
  | { readonly kind: "float" | "boolean" | "date" | "variant" };

export const LONGEST_TEXT = 16_777_216;
const LONGEST_BINARY = 8_388_608;

const NAMES: Readonly<Record<string, DataType["kind"]>> = {
  NUMBER: "number",
  DECIMAL: "number",
  NUMERIC: "number",
  INT: "number",
  INTEGER: "number",
  BIGINT: "number",
  SMALLINT: "number",
  TINYINT: "number",
  BYTEINT: "number",
  FLOAT: "float",
  FLOAT4: "float",
  FLOAT8: "float",
  DOUBLE: "float",
  REAL: "float",
  VARCHAR: "text",
  STRING: "text",
  TEXT: "text",
  CHAR: "text",
  CHARACTER: "text",
  BINARY: "binary",
  VARBINARY: "binary",
  BOOLEAN: "boolean",
  DATE: "date",
  TIME: "time",
  TIMESTAMP: "timestamp_ntz",
  DATETIME: "timestamp_ntz",
  TIMESTAMP_NTZ: "timestamp_ntz",
  TIMESTAMPNTZ: "timestamp_ntz",
  TIMESTAMP_LTZ: "timestamp_ltz",
  TIMESTAMPLTZ: "timestamp_ltz",
  TIMESTAMP_TZ: "timestamp_tz",
  TIMESTAMPTZ: "timestamp_tz",
  VARIANT: "variant",
};

export function parseDataType(text: string): DataType {
  const reader = new TokenReader(text);
  const type = readDataType(reader);
  reader.end();
  return type;
}

export function readDataType(reader: TokenReader): DataType {
  const name = reader.identifier();
  const kind = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (kind === undefined) throw notEmulated(`data type ${name}`);
  if (name === "DOUBLE") reader.accept("PRECISION");
  const sizes = reader.sees("(")
    ? reader.parenthesized(() => reader.list(() => reader.integer()))
    : [];
  return sized(kind, sizes, name.startsWith("CHAR") ? 1 : LONGEST_TEXT);
}

function sized(kind: DataType["kind"], sizes: readonly number[], textLength: number): DataType {
  const [first, second] = sizes;
  switch (kind) {
    case "number":
      return { kind, precision: first ?? 38, scale: second ?? 0 };
    case "text":
      return { kind, length: first ?? textLength };
    case "binary":
      return { kind, length: first ?? LONGEST_BINARY };
    case "time":
    case "timestamp_ntz":
    case "timestamp_ltz":
    case "timestamp_tz":
      return { kind, scale: first ?? 9 };
    case "float":
    case "boolean":
    case "date":
    case "variant":
      return { kind };
  }
}

/** The type as DESCRIBE prints it, for instance `NUMBER(38,0)`. */
export function printDataType(type: DataType): string {
  switch (type.kind) {
    case "number":
      return `NUMBER(${type.precision},${type.scale})`;
    case "text":
      return `VARCHAR(${type.length})`;
    case "binary":
      return `BINARY(${type.length})`;
    case "time":
    case "timestamp_ntz":
    case "timestamp_ltz":
    case "timestamp_tz":
      return `${type.kind.toUpperCase()}(${type.scale})`;
    case "float":
    case "boolean":
    case "date":
    case "variant":
      return type.kind.toUpperCase();
  }
}

/** The DuckDB type that holds its values. */
export function duckdbType(type: DataType): string {
  switch (type.kind) {
    case "number":
      return `DECIMAL(${type.precision},${type.scale})`;
    case "text":
      return "VARCHAR";
    case "binary":
      return "BLOB";
    case "timestamp_ntz":
      return "TIMESTAMP";
    case "timestamp_ltz":
    case "timestamp_tz":
      return "TIMESTAMPTZ";
    case "variant":
      return "JSON";
    case "float":
      return "DOUBLE";
    case "time":
    case "boolean":
    case "date":
      return type.kind.toUpperCase();
  }
}

/** What a stored value must satisfy beyond its DuckDB type: Snowflake refuses text that is too long, DuckDB would keep it. */
export function lengthCheck(encodedName: string, type: DataType): string {
  if (type.kind !== "text" || type.length === LONGEST_TEXT) return "";
  return ` CHECK (length(${quote(encodedName)}) <= ${type.length})`;
}
