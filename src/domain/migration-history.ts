import { z } from "zod";
import { origin } from "./job.js";
import { sourceTable } from "./source-table.js";

const text = z.string().min(1);
const version = z.string().regex(/^\d+$/, "is not a version: digits only");
/** How a hash begins: enough to tell files apart, and small in a state of many migrations. */
const hash = z.string().regex(/^[0-9a-f]{16}$/);

const settings = {
  /** Where Hasura listens: `https://hasura.example.com`. */
  endpoint: z
    .string()
    .refine(isServiceUrl, "is not an http or https URL without credentials, query and fragment"),
  /** The database as Hasura names it; the one whose folder is given, or the only one, unless named. */
  database: text.optional(),
  /** A Hasura project, its migrations folder, or that of one database; relative to the program's working directory. */
  directory: text,
  /** The newest version wanted; every one unless given. To give one asks for the downs of what lies beyond it. */
  target: version.optional(),
  /** What destroying the resource does to the database: nothing, unless `"down"` is said, which takes back every migration. */
  onDestroy: z.enum(["keep", "down"]).optional(),
  /** Where only some parts of a squash are applied: refuse, unless `"finish"` says to run the missing ones first. */
  partlyApplied: z.enum(["refuse", "finish"]).optional(),
  /** Major versions of PostgreSQL whose proofs are taken for the database's own. */
  allowProofOf: z.array(z.int().min(9)).readonly().optional(),
};

const historySettings = z.strictObject(settings).readonly();
/** The arguments as a program writes them. */
export type MigrationHistoryArguments = z.input<typeof historySettings>;

const migrations = z
  .array(
    z
      .strictObject({ version, name: z.string(), up: hash.optional(), down: hash.optional() })
      .readonly(),
  )
  .readonly();

/** What `check` takes. */
export const historyNews = z.strictObject({ ...settings, __dadosfera: origin }).readonly();
export type HistoryNews = z.infer<typeof historyNews>;

/** The inputs; what stands in the folder is filled in by `check`, so that a preview knows it. */
export const historyInputs = z
  .strictObject({
    ...settings,
    database: text,
    migrations,
    /** The tracked tables after the migrations, where that could be foreseen. */
    tables: z.record(z.string(), sourceTable).readonly().optional(),
    __dadosfera: origin,
  })
  .readonly();
export type HistoryInputs = z.infer<typeof historyInputs>;

/** Everything that the state keeps. */
export const historyOutputs = z
  .looseObject({
    ...historyInputs.unwrap().shape,
    /** What is applied, in order; `up` as in `migrations`, where this resource knows the file. */
    versions: z
      .array(
        z.strictObject({ version, name: z.string().optional(), up: hash.optional() }).readonly(),
      )
      .readonly(),
  })
  .readonly();
export type HistoryOutputs = z.infer<typeof historyOutputs>;

/** How a hash is kept in the state. */
export function shortHash(hash: string): string {
  return hash.slice(0, 16);
}

function isServiceUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol)) return false;
  return [url.username, url.password, url.search, url.hash].every((part) => part === "");
}
