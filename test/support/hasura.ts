import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "pulumi-dadosfera/testing";
import { DadosferaError } from "#src/domain/errors.js";
import { asked } from "./hasura-request.js";

export { asked };

/** One emulator for a file; each of its tests begins with an empty database. */
export function emulatorWithHasura(): { readonly emulator: Emulator } {
  let started: Emulator | undefined;
  before(async function () {
    this.timeout(60_000);
    started = await startEmulator({ hasura: {} });
  });
  const running = () => {
    if (started === undefined) throw new Error("The emulator runs only while tests do");
    return started;
  };
  beforeEach(() => empty(running()));
  after(() => started?.[Symbol.asyncDispose]());
  return {
    get emulator() {
      return running();
    },
  };
}

/** Takes away what a test made: schemas and types, what metadata tracks, and the state of migrations. */
export async function empty({ hasura }: Emulator): Promise<void> {
  hasura.faults.clear();
  await asked(hasura.url, "/v1/metadata", "get_catalog_state");
  await hasura.query(`
    DROP SCHEMA public CASCADE; CREATE SCHEMA public;
    UPDATE hdb_catalog.hdb_version SET cli_state = '{}', console_state = '{}';
    DROP TABLE IF EXISTS hdb_catalog.schema_migrations`);
  await asked(hasura.url, "/v1/metadata", "replace_metadata", {
    version: 3,
    sources: [{ name: "default", kind: "postgres", tables: [] }],
  });
}

/** What Hasura keeps for its CLI: the state of migrations by database, and keys that are not ours. */
export async function cliStateOf({ hasura }: Emulator): Promise<CliState> {
  const { body } = await asked(hasura.url, "/v1/metadata", "get_catalog_state");
  return (body as { readonly cli_state: CliState }).cli_state;
}

interface CliState {
  readonly migrations?: Readonly<Record<string, unknown>>;
}

export async function setCliState({ hasura }: Emulator, state: unknown): Promise<void> {
  await asked(hasura.url, "/v1/metadata", "set_catalog_state", { type: "cli", state });
}

/** The error that a door's work ends with. */
export async function troubleOf(work: Promise<unknown>): Promise<DadosferaError> {
  const error: unknown = await work.then(
    () => assert.fail("it ended well"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DadosferaError, String(error));
  assert.equal(error.message.split("\n").length, 3);
  return error;
}
