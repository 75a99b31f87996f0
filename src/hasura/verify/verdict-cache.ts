import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { RULES, STATUSES, type Verdict } from "../../domain/verdict.js";

/** What is known of one migration. */
export interface Judged {
  readonly verdict: Verdict;
  /** What the folder needed until there and nobody made: lines for the prelude. */
  readonly made: readonly string[];
}

/** What was known from before, by a hash of all that it depends on. */
export interface VerdictCache {
  read(keys: readonly string[]): Promise<ReadonlyMap<string, Judged>>;
  write(judged: ReadonlyMap<string, Judged>): Promise<void>;
}

/** Remembers nothing: for development databases, which may change between two runs. */
export const noCache: VerdictCache = {
  read: async () => new Map(),
  write: async () => undefined,
};

/**
 * Keeps verdicts in `$XDG_CACHE_HOME/pulumi-dadosfera` (or `~/.cache`), a file for each engine and release of this package: another
 * engine or other code may judge otherwise. A file that cannot be read counts as empty, one that cannot be written as full.
 */
export function diskCache(engine: string, release: string): VerdictCache {
  const root = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const name = `verdicts-${`${engine}-${release}`.replaceAll(/[^\w.-]/g, "_")}.json`;
  const file = join(root, "pulumi-dadosfera", name);
  return {
    async read(keys) {
      const kept = await readKept(file);
      return new Map(
        keys.flatMap((key) => {
          const judged = kept.get(key);
          return judged === undefined ? [] : [[key, judged] as const];
        }),
      );
    },
    async write(judged) {
      if (judged.size === 0) return;
      const newest = [...(await readKept(file)), ...judged].slice(-MOST_KEPT);
      await writeKept(file, Object.fromEntries(newest)).catch(() => undefined);
    },
  };
}

const MOST_KEPT = 20_000;

const keptVerdicts = z.record(
  z.string(),
  z.object({
    made: z.array(z.string()),
    verdict: z.object({
      version: z.string(),
      label: z.string(),
      status: z.enum(STATUSES),
      findings: z.array(
        z
          .object({
            rule: z.enum(RULES),
            words: z.string(),
            file: z.string(),
            line: z.int(),
            object: z.string(),
          })
          .partial({ file: true, line: true, object: true }),
      ),
    }),
  }),
);

async function readKept(file: string): Promise<ReadonlyMap<string, Judged>> {
  try {
    const parsed = keptVerdicts.safeParse(JSON.parse(await readFile(file, "utf8")));
    return new Map(Object.entries(parsed.success ? (parsed.data as Record<string, Judged>) : {}));
  } catch {
    return new Map();
  }
}

/** Beside it first: two runs at once must not leave half a file. */
async function writeKept(file: string, judged: Readonly<Record<string, Judged>>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}`;
  await writeFile(beside, JSON.stringify(judged));
  await rename(beside, file);
}
