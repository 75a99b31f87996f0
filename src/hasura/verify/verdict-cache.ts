import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { STATUSES, type Verdict } from "../../domain/verdict.js";

/** Verdicts from before, by a hash of all that they depend on. */
export interface VerdictCache {
  read(keys: readonly string[]): Promise<ReadonlyMap<string, Verdict>>;
  write(verdicts: ReadonlyMap<string, Verdict>): Promise<void>;
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
          const verdict = kept.get(key);
          return verdict === undefined ? [] : [[key, verdict] as const];
        }),
      );
    },
    async write(verdicts) {
      if (verdicts.size === 0) return;
      const newest = [...(await readKept(file)), ...verdicts].slice(-MOST_KEPT);
      await writeKept(file, Object.fromEntries(newest)).catch(() => undefined);
    },
  };
}

const MOST_KEPT = 20_000;

const kept = z.record(
  z.string(),
  z.object({
    version: z.string(),
    label: z.string(),
    status: z.enum(STATUSES),
    findings: z.array(
      z.object({
        rule: z.string(),
        words: z.string(),
        file: z.string().optional(),
        line: z.int().optional(),
        object: z.string().optional(),
      }),
    ),
  }),
);

async function readKept(file: string): Promise<ReadonlyMap<string, Verdict>> {
  try {
    const parsed = kept.safeParse(JSON.parse(await readFile(file, "utf8")));
    return new Map(Object.entries(parsed.success ? parsed.data : {})) as ReadonlyMap<
      string,
      Verdict
    >;
  } catch {
    return new Map();
  }
}

/** Beside it first: two runs at once must not leave half a file. */
async function writeKept(file: string, verdicts: Readonly<Record<string, Verdict>>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}`;
  await writeFile(beside, JSON.stringify(verdicts));
  await rename(beside, file);
}
