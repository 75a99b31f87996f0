import type { Standing } from "../../domain/catalogue-standing.js";
import type { Migration } from "../../domain/migration.js";
import type { SourceTables } from "../../domain/source-table.js";
import type { SquashRecord } from "../../domain/squash-record.js";
import type { HasuraClient } from "../../hasura/api/client.js";
import type { MigrationFolder } from "../../hasura/folder/folder.js";
import type { BegunMigration } from "../../hasura/replay/settle.js";
import type { Shown } from "../context.js";

/** Everything outside that migrations need. */
export interface MigrationDoors extends Proving {
  hasura(endpoint: string): Shown<HasuraClient>;
  /** What Hasura's CLI would read. `directory` is relative to the working directory of the program. */
  readFolder(directory: string, database: string | undefined): Promise<MigrationFolder>;
  /** What a squash replaced, from the commit that its record names; and what squashes among it replaced, as far as git has that. */
  readParts(folder: MigrationFolder, record: SquashRecord): Promise<readonly Migration[]>;
}

/** What only a scratch database can tell. */
export interface Proving {
  /** Whether a migration that was begun has been carried out, by comparing the live catalogue with replayed ones. */
  settle(question: DirtyMigration): Promise<Settlement>;
  /** The tables of a database after the migrations up to a version; undefined where that cannot be foreseen. */
  forecast(folder: MigrationFolder, target: string | undefined): Promise<SourceTables | undefined>;
  /** What is against running a down, one sentence each; none where it restores what was before. */
  doubtsOfDown(folder: MigrationFolder, migration: Migration): Promise<readonly string[]>;
}

export interface DirtyMigration extends BegunMigration {
  readonly folder: MigrationFolder;
}

export type Settlement = Standing;
