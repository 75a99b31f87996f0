import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

const manifest = z.object({ version: z.string() });

/** The release of PGlite that is installed, as `pglite 0.5.16`; undefined if none is. Starts nothing. */
export async function pgliteRelease(): Promise<string | undefined> {
  try {
    // Its main file is dist/index.cjs, and package.json lies beside dist/.
    const main = require.resolve("@electric-sql/pglite");
    const text = await readFile(join(dirname(main), "..", "package.json"), "utf8");
    return `pglite ${manifest.parse(JSON.parse(text)).version}`;
  } catch {
    return undefined;
  }
}
