import { notEmulated, SnowflakeError } from "./errors.js";
import { literal } from "./identifiers.js";
import { withoutNul } from "./lexer.js";
import type { TokenReader } from "./token-reader.js";
import type { Fragment } from "./translation.js";

/** A bound value as a driver sends it; with array binds a list, one value for each row. */
export interface Bind {
  readonly type: string;
  readonly value: unknown;
}

/** The values of a statement's `?` and `:n`. With array binds there are several rows of them, read one after another. */
export class Binds {
  readonly #rows: readonly (readonly Fragment[])[];
  readonly #unbound: Fragment | undefined;
  #current: readonly Fragment[] | undefined;

  /** `unbound` stands for a value that was not sent: a driver may describe a statement before it has its values. */
  constructor(rows: readonly (readonly Fragment[])[] = [], unbound?: Fragment) {
    this.#rows = rows;
    this.#unbound = unbound;
    this.#current = rows.length > 1 ? undefined : (rows[0] ?? []);
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  /** The value at a place, counted from 1. */
  at(place: number): Fragment | undefined {
    if (this.#current === undefined) throw notEmulated("array binds outside INSERT");
    return this.#current[place - 1] ?? this.#unbound;
  }

  /** Reads the same words once for each row of values. */
  forEachRow<T>(reader: TokenReader, read: () => T): readonly T[] {
    if (this.#rows.length < 2) return [read()];
    const before = this.#current;
    const found = reader.repeated(this.#rows, (row) => {
      this.#current = row;
      return read();
    });
    this.#current = before;
    return found;
  }
}

/** Bound values as literals, so that DuckDB finds their types as Snowflake does: from where they stand. */
export function readBinds(
  bindings: Readonly<Record<string, Bind>>,
  isOnlyDescribed: boolean,
): Binds {
  const columns = Object.entries(bindings)
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, { type, value }]) =>
      (Array.isArray(value) ? value : [value]).map((one: unknown) => bindFragment(type, one)),
    );
  const lengths = new Set(columns.map(({ length }) => length));
  if (lengths.size > 1) throw notEmulated("array binds of different lengths");
  const rows = (columns[0] ?? []).map((_, index) =>
    columns.map((column) => column[index] ?? { sql: "NULL" }),
  );
  return new Binds(rows, isOnlyDescribed ? { sql: "NULL" } : undefined);
}

function bindFragment(type: string, value: unknown): Fragment {
  if (value === null) return { sql: "NULL" };
  if (typeof value !== "string") throw notEmulated("a bound value that is not a text");
  const make = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (make === undefined) throw notEmulated(`a bound value of type ${type}`);
  return make(value);
}

const asText = (value: string): Fragment => ({ sql: literal(withoutNul(value)), text: value });

const INTEGER = /^-?\d+$/;
const FIXED = /^-?\d+(\.\d+)?$/;
const REAL = /^-?(\d+(\.\d+)?([eE][+-]?\d+)?|inf(inity)?|nan)$/i;

/** Times arrive as nanoseconds; DuckDB keeps microseconds. */
const micros = (value: string) => `${number(value, INTEGER)} // 1000`;

const TYPES: Readonly<Record<string, (value: string) => Fragment>> = {
  TEXT: asText,
  VARIANT: asText,
  FIXED: (value) => ({ sql: `(${number(value, FIXED)})` }),
  REAL: (value) => ({ sql: `CAST(${literal(number(value, REAL))} AS DOUBLE)` }),
  BOOLEAN: (value) => ({ sql: value === "true" || value === "1" ? "TRUE" : "FALSE" }),
  BINARY: (value) => ({ sql: `unhex(${literal(number(value, /^([0-9a-f]{2})*$/i))})` }),
  DATE: (value) => ({ sql: `CAST(epoch_ms(${number(value, INTEGER)}) AS DATE)` }),
  TIME: (value) => ({ sql: `CAST(make_timestamp(${micros(value)}) AS TIME)` }),
  TIMESTAMP_NTZ: (value) => ({ sql: `make_timestamp(${micros(value)})` }),
  TIMESTAMP_LTZ: (value) => ({ sql: `make_timestamptz(${micros(value)})` }),
  // The offset that may follow is not kept, as nowhere in the emulator.
  TIMESTAMP_TZ: (value) => ({ sql: `make_timestamptz(${micros(value.split(" ", 1)[0] ?? "")})` }),
};

function number(value: string, form: RegExp): string {
  if (form.test(value)) return value;
  throw new SnowflakeError("100038", "22018", `Numeric value '${value}' is not recognized`);
}
