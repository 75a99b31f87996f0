import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { z } from "zod";
import { DadosferaError } from "../../domain/errors.js";

/** What this package needs of a Hasura project's settings. The admin secret is not among them: it is never read from a file. */
export interface ProjectConfig {
  readonly configVersion: 1 | 2 | 3;
  /** Hasura's address; none where nothing names it, although the CLI would then try `http://localhost:8080`. */
  readonly endpoint?: string;
  /** Both relative to the project. */
  readonly migrationsDirectory: string;
  readonly seedsDirectory: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings as Hasura's CLI does: `HASURA_GRAPHQL_…` of the environment, then of `.env` beside `config.yaml`, then
 * `config.yaml`, then the CLI's defaults. An empty variable counts as not set. Throws MIGRATIONS_UNREADABLE.
 */
export async function readConfig(root: string, environment: Environment): Promise<ProjectConfig> {
  const path = join(root, "config.yaml");
  const fromFile = await configFile(path);
  const fromDotEnv = parseEnv(await textOf(join(root, ".env")));
  const setting = (key: string): unknown => {
    const variable = `HASURA_GRAPHQL_${key.toUpperCase()}`;
    return environment[variable] || fromDotEnv[variable] || fromFile.get(key) || undefined;
  };
  const read = settings.safeParse({
    version: setting("version"),
    endpoint: setting("endpoint"),
    migrationsDirectory: setting("migrations_directory"),
    seedsDirectory: setting("seeds_directory"),
  });
  if (!read.success) throw unreadable(path, read.error.issues[0]?.message ?? "not understood");
  const { version, endpoint, ...directories } = read.data;
  return {
    configVersion: version,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...directories,
  };
}

const settings = z.object({
  // The CLI takes a project without a version for one of version 1.
  version: z.preprocess(
    (value) => (typeof value === "string" ? Number(value) : (value ?? 1)),
    z.union([z.literal(1), z.literal(2), z.literal(3)], {
      error: "`version` is to be 1, 2 or 3",
    }),
  ),
  endpoint: z.string({ error: "`endpoint` is to be an address" }).optional(),
  migrationsDirectory: z
    .string({ error: "`migrations_directory` is to be a folder" })
    .default("migrations"),
  seedsDirectory: z.string({ error: "`seeds_directory` is to be a folder" }).default("seeds"),
});

/** Keys in small letters, as the CLI reads them. */
async function configFile(path: string): Promise<ReadonlyMap<string, unknown>> {
  const { parse, YAMLParseError } = await import("yaml");
  try {
    const content: unknown = parse(await textOf(path));
    const record = z.record(z.string(), z.unknown()).nullish().safeParse(content);
    if (!record.success) throw unreadable(path, "it is not a list of settings");
    return new Map(
      Object.entries(record.data ?? {}).map(([key, value]) => [key.toLowerCase(), value]),
    );
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    // Neither its message nor itself as the cause: it quotes the file, and so the admin secret that may stand in it.
    throw unreadable(path, `its YAML is broken at character ${error.pos[0]} (${error.code})`);
  }
}

function unreadable(path: string, why: string): DadosferaError {
  return new DadosferaError({
    code: "MIGRATIONS_UNREADABLE",
    happened: `Could not read the Hasura project: ${path}: ${why}.`,
    now: "Nothing was changed.",
    next: "Correct the file; https://hasura.io/docs/2.0/hasura-cli/config-reference/ lists what may stand in it.",
  });
}

/** Empty if there is no such file. */
async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
