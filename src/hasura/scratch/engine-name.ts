import { DadosferaError } from "../../domain/errors.js";
import { startPglite } from "./pglite.js";
import { pgliteRelease } from "./pglite-release.js";
import { startPostgres } from "./postgres.js";
import { findBinaries } from "./postgres-binaries.js";
import type { Engine, Scratch } from "./scratch.js";
import { startUrl } from "./url.js";

/** An engine that was asked for and not yet started. */
export interface NamedEngine {
  readonly kind: Engine["kind"];
  /** As it was asked for; of a URL only the host, since the rest may hold a password. */
  readonly name: string;
  /** The major version asked for by name. */
  readonly major?: number;
  /** What exactly it is on this machine, as `pglite 0.5.16`; undefined where that may change between two runs, or is not there. */
  identify(): Promise<string | undefined>;
  /** @param extensions Those that the migrations create, as `CREATE EXTENSION` spells them; only PGlite must know them beforehand. */
  start(extensions: readonly string[]): Promise<Scratch>;
}

/** Reads `pglite`, `postgres`, `postgres@15` or a URL. Throws `SETTINGS_INVALID`. */
export function parseEngine(text: string): NamedEngine {
  if (text === "pglite") {
    const start = (extensions: readonly string[]) => startPglite({ extensions });
    return { kind: "pglite", name: text, identify: pgliteRelease, start };
  }
  if (/^postgres(ql)?:\/\//i.test(text) && URL.canParse(text)) {
    const identify = async () => undefined;
    return { kind: "url", name: new URL(text).host, identify, start: () => startUrl(text) };
  }
  const version = /^postgres(?:@(1[2-8]))?$/.exec(text);
  if (version === null) throw unknownEngine(text);
  const major = version[1] === undefined ? undefined : Number(version[1]);
  return {
    kind: "postgres",
    name: text,
    ...(major !== undefined && { major }),
    identify: () => postgresRelease(major),
    start: () => startPostgres({ major }),
  };
}

async function postgresRelease(major: number | undefined): Promise<string | undefined> {
  try {
    return `postgres ${(await findBinaries(major)).version}`;
  } catch {
    return undefined;
  }
}

function unknownEngine(text: string): DadosferaError {
  const shown = text.includes("://") ? "The URL given" : `"${text}"`;
  return new DadosferaError({
    code: "SETTINGS_INVALID",
    happened: `${shown} is not an engine: it must be pglite, postgres, postgres@12 to postgres@18, or a URL that begins with postgres://.`,
    now: "Nothing was started and no file was changed.",
    next: "Name one of them, as `--engine postgres@15`.",
  });
}
