import { decodeName } from "./identifiers.js";

/** A refusal as Snowflake words it: the number that programs know, the SQL state, and the text. */
export class SnowflakeError extends Error {
  readonly code: string;
  readonly sqlState: string;

  constructor(code: string, sqlState: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SnowflakeError";
    this.code = code;
    this.sqlState = sqlState;
  }
}

function compilation(code: string, sqlState: string, text: string): SnowflakeError {
  return new SnowflakeError(code, sqlState, `SQL compilation error:\n${text}`);
}

/** Whatever the emulator does not understand is refused by name, and never handed to DuckDB. */
export function notEmulated(what: string): SnowflakeError {
  return compilation("001003", "42000", `not emulated: ${what}`);
}

export function unexpected(text: string, position: number): SnowflakeError {
  const what = text === "" ? "<EOF>" : text;
  return compilation(
    "001003",
    "42000",
    `syntax error line 1 at position ${position} unexpected '${what}'.`,
  );
}

/** Snowflake says the same of an object that is missing and of one on which nothing is granted. */
export function objectMissing(kind: string, name: string): SnowflakeError {
  return compilation("002003", "42S02", `${kind} '${name}' does not exist or not authorized.`);
}

export function objectExists(name: string): SnowflakeError {
  return compilation("002002", "42710", `Object '${name}' already exists.`);
}

export function columnExists(name: string): SnowflakeError {
  return compilation("001430", "42601", `column '${name}' already exists`);
}

export function invalidIdentifier(name: string): SnowflakeError {
  return compilation("000904", "42000", `error line 1 at position 0\ninvalid identifier '${name}'`);
}

export function privilegeMissing(kind: string, name: string): SnowflakeError {
  return new SnowflakeError(
    "003001",
    "42501",
    `SQL access control error:\nInsufficient privileges to operate on ${kind} '${name}'`,
  );
}

/** What DuckDB complained of, in Snowflake's numbers; names are given back as Snowflake spells them. */
export function fromDuckdb(error: unknown): SnowflakeError {
  if (error instanceof SnowflakeError) return error;
  // The lines that follow quote the statement, and would match what is looked for.
  const [text = ""] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
  for (const [pattern, make] of COMPLAINTS) {
    const match = pattern.exec(text);
    if (match !== null) {
      const refusal = make(match);
      return new SnowflakeError(refusal.code, refusal.sqlState, refusal.message, { cause: error });
    }
  }
  return new SnowflakeError("001003", "42000", `SQL compilation error:\n${text}`, { cause: error });
}

const value = (code: string, text: string) =>
  new SnowflakeError(code, code === "100035" || code === "100040" ? "22007" : "22018", text);

const name = (match: RegExpExecArray) => decodeName(match[1] ?? "");

const COMPLAINTS: readonly (readonly [RegExp, (match: RegExpExecArray) => SnowflakeError])[] = [
  [
    /Column "(.*?)" referenced that exists in the SELECT/,
    (match) => invalidIdentifier(name(match)),
  ],
  [/does not have a column with name "(.*?)"/, (match) => invalidIdentifier(name(match))],
  [/Referenced column "(.*?)" (?:not|was not) found/, (match) => invalidIdentifier(name(match))],
  [/does not have a column named "(.*?)"/, (match) => invalidIdentifier(name(match))],
  [/Referenced table "(.*?)" not found/, (match) => invalidIdentifier(name(match))],
  [/column "(.*?)" (?:does not exist|not found)/i, (match) => invalidIdentifier(name(match))],
  [
    /Ambiguous reference to column name "(.*?)"/,
    (match) => compilation("001065", "42601", `ambiguous column name '${name(match)}'`),
  ],
  [
    /column "(.*?)" must appear in the GROUP BY clause/,
    (match) =>
      compilation(
        "000979",
        "42601",
        `'${name(match)}' in select clause is neither an aggregate nor in the group by clause.`,
      ),
  ],
  [
    /has \d+ columns but \d+ values were supplied/,
    () => compilation("002020", "21S01", "Insert value list does not match column list"),
  ],
  [
    /NOT NULL constraint failed: (?:.*\.)?(.*)$/m,
    (match) =>
      new SnowflakeError(
        "100072",
        "22000",
        `NULL result in a non-nullable column '${name(match)}'`,
      ),
  ],
  [
    /CHECK constraint failed/,
    () => new SnowflakeError("100078", "22000", "String is too long and would be truncated"),
  ],
  [/division by zero/i, () => new SnowflakeError("100051", "22012", "Division by zero")],
  [
    /(?:invalid )?timestamp[^"]*"(.*?)"/i,
    (match) => value("100035", `Timestamp '${match[1]}' is not recognized`),
  ],
  [/date field[^"]*"(.*?)"/i, (match) => value("100040", `Date '${match[1]}' is not recognized`)],
  [
    /Could not convert string ["'](.*?)["'] to BOOL/,
    (match) => value("100037", `Boolean value '${match[1]}' is not recognized`),
  ],
  [
    /Could not convert string ["'](.*?)["'] to/,
    (match) => value("100038", `Numeric value '${match[1]}' is not recognized`),
  ],
  [
    /Could not cast value (\S+) to DECIMAL/,
    (match) => new SnowflakeError("100039", "22003", `Numeric value '${match[1]}' is out of range`),
  ],
  [
    /Out of Range Error|out of range/i,
    () => new SnowflakeError("100039", "22003", "Numeric value is out of range"),
  ],
  [
    /More than one row returned by a subquery/,
    () => new SnowflakeError("090150", "22000", "Single-row subquery returns more than one row."),
  ],
  [/INTERRUPT/i, () => new SnowflakeError("000604", "57014", "SQL execution canceled")],
];
