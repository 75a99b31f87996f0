import type { Standing } from "../../domain/catalogue-standing.js";
import { isDadosferaError } from "../../domain/errors.js";
import type { Migration } from "../../domain/migration.js";
import type { SourceTables } from "../../domain/source-table.js";
import type { MigrationFolder } from "../folder/folder.js";
import { readGround } from "../folder/ground.js";
import { readProject } from "../folder/project.js";
import { type NamedEngine, parseEngine } from "../scratch/engine-name.js";
import type { Scratch } from "../scratch/scratch.js";
import { extensionsIn } from "../verify/extensions.js";
import type { Ground } from "../verify/stage.js";
import { noCache } from "../verify/verdict-cache.js";
import { verifyFolder } from "../verify/verify-folder.js";
import { forecastTables } from "./forecast.js";
import { type BegunMigration, settleMigration } from "./settle.js";

/** What a provider asks a scratch database; each question starts one, and throws it away. */
export class ScratchProving {
  readonly #engine: NamedEngine;

  /** @param engine As `--engine` takes it. @throws `SETTINGS_INVALID` */
  constructor(engine: string) {
    this.#engine = parseEngine(engine);
  }

  settle({
    folder,
    ...question
  }: BegunMigration & { readonly folder: MigrationFolder }): Promise<Standing> {
    return this.#on(folder, (scratch, ground) =>
      settleMigration(scratch, { ...question, ...ground }),
    );
  }

  /** Undefined where no scratch database can be started: a preview then knows less, and an update the same. */
  async forecast(
    folder: MigrationFolder,
    target: string | undefined,
  ): Promise<SourceTables | undefined> {
    try {
      return await this.#on(folder, (scratch, ground) =>
        forecastTables(scratch, folder, target, ground),
      );
    } catch (error) {
      if (isDadosferaError(error)) return undefined;
      throw error;
    }
  }

  /** What verification finds against a down, one sentence each; nothing where schema and rows come back. */
  async doubtsOfDown(folder: MigrationFolder, migration: Migration): Promise<readonly string[]> {
    const { start, ground } = await this.#prepare(folder);
    const { verdicts } = await verifyFolder({
      ...ground,
      migrations: folder.migrations,
      isJudged: ({ version }) => version === migration.version,
      start,
      cache: noCache,
    });
    const doubts = verdicts.filter(
      ({ status }) => status !== "exact" && status !== "position only",
    );
    return doubts.flatMap(({ findings }) => findings.map(({ words }) => words));
  }

  async #on<Answer>(
    folder: MigrationFolder,
    ask: (scratch: Scratch, ground: Ground) => Promise<Answer>,
  ): Promise<Answer> {
    const { start, ground } = await this.#prepare(folder);
    await using scratch = await start();
    // Awaited here: the scratch database goes when this function ends.
    return await ask(scratch, ground);
  }

  async #prepare(folder: MigrationFolder) {
    const ground = await readGround(await readProject(folder.directory), folder);
    const extensions = extensionsIn(folder.migrations, ground.prelude);
    return { ground, start: () => this.#engine.start(extensions) };
  }
}
