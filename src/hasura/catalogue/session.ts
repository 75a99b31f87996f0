import type { ScratchDatabase } from "../scratch/scratch.js";

/**
 * Does something while every setting that changes how PostgreSQL writes names and values is plain, and puts the settings back: a
 * migration may have left its own `search_path` or `DateStyle` behind.
 */
export async function withPlainSession<Result>(
  database: ScratchDatabase,
  act: () => Promise<Result>,
): Promise<Result> {
  const [before] = await database.query(
    `SELECT ${Object.keys(PLAIN)
      .map((name) => `current_setting('${name}') AS "${name}"`)
      .join(", ")}`,
  );
  await database.query(assignment(PLAIN));
  try {
    return await act();
  } finally {
    await database.query(assignment({ ...PLAIN, ...before }));
  }
}

/** The same settings as statements, for the transaction that they are run in. */
export function plainForTransaction(): string {
  return Object.entries(PLAIN)
    .map(([name, value]) => `SET LOCAL ${name} = ${name === "search_path" ? value : `'${value}'`};`)
    .join(" ");
}

const PLAIN: Readonly<Record<string, string>> = {
  // A temporary table must not hide one of public.
  search_path: "public, pg_temp",
  standard_conforming_strings: "on",
  TimeZone: "UTC",
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  extra_float_digits: "1",
  bytea_output: "hex",
  xmloption: "content",
  quote_all_identifiers: "off",
  jit: "off",
};

function assignment(settings: Readonly<Record<string, string | null>>): string {
  const calls = Object.entries(settings).map(
    ([name, value]) => `set_config('${name}', '${(value ?? "").replaceAll("'", "''")}', false)`,
  );
  return `SELECT ${calls.join(", ")}`;
}
