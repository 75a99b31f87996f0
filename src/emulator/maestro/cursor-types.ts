/** The column types that may serve as a cursor, per database plugin, as Maestro lists them. */
export const ALLOWED_CURSOR_TYPES: Readonly<Record<string, readonly string[]>> = {
  postgresql: [
    "timestamp with time zone",
    "timestamp without time zone",
    "date",
    "integer",
    "bigint",
    "smallint",
    "serial",
    "bigserial",
  ],
  mysql: ["datetime", "timestamp", "date", "int", "bigint", "smallint", "mediumint", "tinyint"],
  oracle: [
    "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE",
    "TIMESTAMP WITH LOCAL TIME ZONE",
    "DATE",
    "NUMBER",
  ],
  sqlserver: [
    "datetime",
    "datetime2",
    "smalldatetime",
    "date",
    "int",
    "bigint",
    "smallint",
    "tinyint",
  ],
};

const COARSE = ["number", "date", "timestamp"];

/** True for a type of the plugin's list, in any letter case, and for the coarse words that Maestro also shows. */
export function isCursorType(plugin: string, type: string): boolean {
  const allowed = [...(ALLOWED_CURSOR_TYPES[plugin] ?? []), ...COARSE];
  return allowed.some((one) => one.toLowerCase() === type.toLowerCase());
}

/** `number`, `date` or `timestamp`. */
export function coarseCursorType(type: string): string {
  const word = type.toLowerCase();
  if (word === "date") return "date";
  return /time/.test(word) ? "timestamp" : "number";
}
