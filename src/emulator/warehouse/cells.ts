import type { DuckDBValue } from "@duckdb/node-api";
import type { DataType } from "./data-types.js";
import { literal } from "./identifiers.js";

/** A value as the protocol sends it: text or null. */
export function wireCell(value: DuckDBValue, type: DataType): string | null {
  if (value === null) return null;
  switch (type.kind) {
    case "boolean":
      return value === true ? "1" : "0";
    case "date":
      return String(field(value, "days") ?? value);
    case "time":
    case "timestamp_ntz":
    case "timestamp_ltz":
      return seconds(microsOf(value));
    case "timestamp_tz":
      // The offset, counted from -24 hours. DuckDB keeps the instant only, so it is sent as UTC.
      return `${seconds(microsOf(value))} 1440`;
    case "binary":
      return hex(value);
    case "number":
    case "float":
    case "text":
    case "variant":
      return String(value);
  }
}

/** A value as DuckDB reads it back. */
export function sqlCell(value: DuckDBValue, type: DataType): string {
  const text = literal(wireCell(value, type) ?? "");
  if (value === null) return "NULL";
  switch (type.kind) {
    case "date":
      return `DATE '1970-01-01' + ${field(value, "days") ?? 0}`;
    case "time":
      return `CAST(make_timestamp(${microsOf(value)}) AS TIME)`;
    case "timestamp_ntz":
      return `make_timestamp(${microsOf(value)})`;
    case "timestamp_ltz":
    case "timestamp_tz":
      return `make_timestamptz(${microsOf(value)})`;
    case "binary":
      return `unhex(${text})`;
    case "boolean":
    case "number":
    case "float":
    case "text":
    case "variant":
      return text;
  }
}

/** A value as Snowflake prints it in a session at UTC; numbers and booleans as they are. */
export function printedCell(value: DuckDBValue, type: DataType): string | number | boolean | null {
  if (value === null) return null;
  switch (type.kind) {
    case "boolean":
      return value === true;
    case "number":
    case "float":
      return Number.isSafeInteger(Math.trunc(Number(String(value))))
        ? Number(String(value))
        : String(value);
    case "date":
      return new Date(Number(field(value, "days")) * 86_400_000).toISOString().slice(0, 10);
    case "time":
      return isoTime(microsOf(value)).slice(11, 19);
    case "timestamp_ntz":
      return isoTime(microsOf(value));
    case "timestamp_ltz":
    case "timestamp_tz":
      return `${isoTime(microsOf(value))} +0000`;
    case "binary":
    case "text":
    case "variant":
      return wireCell(value, type);
  }
}

function isoTime(micros: bigint): string {
  const at = new Date(Number(micros / 1000n)).toISOString();
  return at.replace("T", " ").replace("Z", "");
}

function microsOf(value: DuckDBValue): bigint {
  const micros = field(value, "micros");
  if (micros !== undefined) return micros;
  const millis = field(value, "millis") ?? (field(value, "seconds") ?? 0n) * 1000n;
  const nanos = field(value, "nanos");
  return nanos === undefined ? millis * 1000n : nanos / 1000n;
}

function field(value: DuckDBValue, name: string): bigint | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found: unknown = Reflect.get(value, name);
  return typeof found === "bigint" || typeof found === "number" ? BigInt(found) : undefined;
}

/** Seconds with nine digits. */
function seconds(micros: bigint): string {
  const size = micros < 0n ? -micros : micros;
  const fraction = String(size % 1_000_000n).padStart(6, "0");
  return `${micros < 0n ? "-" : ""}${size / 1_000_000n}.${fraction}000`;
}

function hex(value: DuckDBValue): string {
  const bytes: unknown =
    typeof value === "object" && value !== null ? Reflect.get(value, "bytes") : undefined;
  return bytes instanceof Uint8Array
    ? Buffer.from(bytes).toString("hex").toUpperCase()
    : String(value);
}
