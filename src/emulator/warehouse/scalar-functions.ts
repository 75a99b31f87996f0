import { notEmulated } from "./errors.js";
import { timeFormat } from "./time-formats.js";

/** What a function is called with besides its arguments' SQL. */
interface CallContext {
  readonly taught: string;
  /** For each argument, its text if it is a string literal. */
  readonly texts: readonly (string | undefined)[];
  /** What stands inside the call, after the arguments: ORDER BY, IGNORE NULLS. */
  readonly order?: string;
}

/** How many arguments a function takes, and its DuckDB form. */
export interface Shape {
  readonly least: number;
  readonly most: number;
  readonly sql: (args: readonly string[], context: CallContext) => string;
  /** Goes around the call and its window. */
  readonly wrap?: (call: string) => string;
}

const MANY = 1000;

export function renamed(name: string, least: number, most = least): Shape {
  return { least, most, sql: (args) => `${name}(${args.join(", ")})` };
}

function template(least: number, sql: Shape["sql"], most = least): Shape {
  return { least, most, sql };
}

const anyNull = (args: readonly string[]) => args.map((arg) => `${arg} IS NULL`).join(" OR ");

/** Snowflake answers null when any argument is null; DuckDB passes over nulls. */
const strict = (name: string) =>
  template(
    1,
    (args) => `CASE WHEN ${anyNull(args)} THEN NULL ELSE ${name}(${args.join(", ")}) END`,
    MANY,
  );

const integer = (sql: string) => `CAST(${sql} AS BIGINT)`;
const cast = (name: string, type: string) => template(1, ([x]) => `${name}(${x} AS ${type})`);

const decimal = (name: string) =>
  template(
    1,
    ([x, precision = "38", scale = "0"]) =>
      `${name}(${x} AS DECIMAL(${sizeOf(precision)},${sizeOf(scale)}))`,
    3,
  );

function sizeOf(sql: string): number {
  return Number.parseInt(sql, 10) || 0;
}

const toText = template(
  1,
  ([x, format], { taught, texts }) =>
    format === undefined ? `${taught}as_text(${x})` : timeFormat(`${x}`, texts[1]),
  2,
);

const BINARY_FORMATS: Readonly<Record<string, string>> = {
  HEX: "unhex",
  "UTF-8": "encode",
  BASE64: "from_base64",
};

const toBinary = template(
  1,
  ([x], { texts }) => {
    const read = BINARY_FORMATS[(texts[1] ?? "HEX").toUpperCase()];
    if (read === undefined) throw notEmulated(`TO_BINARY with format '${texts[1]}'`);
    return `${read}(${x})`;
  },
  2,
);

export const SCALARS: Readonly<Record<string, Shape>> = {
  ABS: renamed("abs", 1),
  CEIL: renamed("ceil", 1),
  CEILING: renamed("ceil", 1),
  FLOOR: renamed("floor", 1),
  ROUND: template(1, ([x, n = "0"]) => `round(${x}, ${sizeOf(n)})`, 2),
  TRUNC: renamed("trunc", 1),
  SIGN: renamed("sign", 1),
  SQRT: renamed("sqrt", 1),
  POWER: renamed("pow", 2),
  MOD: template(2, ([x, y], { taught }) => `(${x} % ${taught}divisor(${y}))`),
  UPPER: renamed("upper", 1),
  LOWER: renamed("lower", 1),
  TRIM: renamed("trim", 1, 2),
  LTRIM: renamed("ltrim", 1, 2),
  RTRIM: renamed("rtrim", 1, 2),
  LENGTH: renamed("length", 1),
  LEN: renamed("length", 1),
  SUBSTR: template(2, ([x, ...at]) => `substr(${[x, ...at.map(integer)].join(", ")})`, 3),
  SUBSTRING: template(2, ([x, ...at]) => `substr(${[x, ...at.map(integer)].join(", ")})`, 3),
  LEFT: template(2, ([x, n = ""]) => `left(${x}, ${integer(n)})`),
  RIGHT: template(2, ([x, n = ""]) => `right(${x}, ${integer(n)})`),
  REPLACE: template(2, ([x, y, z = "''"]) => `replace(${x}, ${y}, ${z})`, 3),
  REVERSE: renamed("reverse", 1),
  STARTSWITH: renamed("starts_with", 2),
  ENDSWITH: renamed("ends_with", 2),
  CONTAINS: renamed("contains", 2),
  SPLIT_PART: template(3, ([x, y, n = ""]) => `split_part(${x}, ${y}, ${integer(n)})`),
  LPAD: template(3, ([x, n = "", y]) => `lpad(${x}, CAST(${n} AS INTEGER), ${y})`),
  RPAD: template(3, ([x, n = "", y]) => `rpad(${x}, CAST(${n} AS INTEGER), ${y})`),
  CONCAT: template(
    1,
    (args, { taught }) => `(${args.map((arg) => `${taught}as_text(${arg})`).join(" || ")})`,
    MANY,
  ),
  COALESCE: renamed("coalesce", 2, MANY),
  NVL: renamed("coalesce", 2),
  IFNULL: renamed("coalesce", 2),
  NVL2: template(3, ([x, y, z]) => `CASE WHEN ${x} IS NOT NULL THEN ${y} ELSE ${z} END`),
  NULLIF: renamed("nullif", 2),
  ZEROIFNULL: template(1, ([x]) => `coalesce(${x}, 0)`),
  NULLIFZERO: template(1, ([x]) => `nullif(${x}, 0)`),
  IFF: template(3, ([x, y, z]) => `CASE WHEN ${x} THEN ${y} ELSE ${z} END`),
  EQUAL_NULL: template(2, ([x, y]) => `(${x} IS NOT DISTINCT FROM ${y})`),
  GREATEST: strict("greatest"),
  LEAST: strict("least"),
  TO_VARCHAR: toText,
  TO_CHAR: toText,
  TO_BINARY: toBinary,
  HEX_ENCODE: template(1, ([x]) => `hex(${x})`),
  TO_NUMBER: decimal("CAST"),
  TO_DECIMAL: decimal("CAST"),
  TO_NUMERIC: decimal("CAST"),
  TRY_TO_NUMBER: decimal("TRY_CAST"),
  TRY_TO_DECIMAL: decimal("TRY_CAST"),
  TRY_TO_NUMERIC: decimal("TRY_CAST"),
  TO_DOUBLE: cast("CAST", "DOUBLE"),
  TRY_TO_DOUBLE: cast("TRY_CAST", "DOUBLE"),
  TO_BOOLEAN: cast("CAST", "BOOLEAN"),
  TRY_TO_BOOLEAN: cast("TRY_CAST", "BOOLEAN"),
  MD5: renamed("md5", 1),
  SHA2: template(
    1,
    ([x, size = "256"]) => (size === "256" ? `sha256(${x})` : `error('SHA2 of ${sizeOf(size)}')`),
    2,
  ),
  HASH: template(1, (args) => `CAST(hash(${args.join(", ")}) AS DECIMAL(38,0))`, MANY),
  UUID_STRING: template(0, () => "CAST(uuid() AS VARCHAR)"),
  PARSE_JSON: cast("CAST", "JSON"),
  TRY_PARSE_JSON: cast("TRY_CAST", "JSON"),
  TO_JSON: template(1, ([x]) => `CAST(${x} AS VARCHAR)`),
  TO_VARIANT: renamed("to_json", 1),
};
