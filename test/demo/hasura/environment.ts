import type { Emulator } from "pulumi-dadosfera/testing";
import type { Files } from "../../support/hasura-folder.js";
import { asked } from "../../support/hasura-request.js";
import type { Row } from "../table-text.js";
import { sqlOf } from "./school.js";

/** Does what `hasura migrate apply` does, without this package: runs each file, then writes down that it is applied. */
export async function applyByHand(
  emulator: Emulator,
  files: Files,
  names: readonly string[],
): Promise<void> {
  const { hasura } = emulator;
  for (const name of names) await runSql(hasura.url, sqlOf(files, name, "up"));
  const versions = [...(await appliedIn(emulator)), ...names.map((name) => name.split("_")[0])];
  const migrations = Object.fromEntries(versions.map((version) => [version, false]));
  const state = { settings: { migration_mode: "true" }, migrations: { default: migrations } };
  await asked(hasura.url, "/v1/metadata", "set_catalog_state", { type: "cli", state });
}

/** One request to Hasura; throws unless it says that all went well. */
export async function runSql(url: string, sql: string): Promise<void> {
  const args = { sql, source: "default", check_metadata_consistency: false };
  const { status, body } = await asked(url, "/v2/query", "run_sql", args);
  if (status !== 200) throw new Error(`Hasura answered ${status}: ${JSON.stringify(body)}`);
}

/** The versions that Hasura has as applied. */
export async function appliedIn({ hasura }: Emulator): Promise<readonly string[]> {
  const { body } = await asked(hasura.url, "/v1/metadata", "get_catalog_state");
  const { cli_state: state } = body as {
    readonly cli_state: { readonly migrations?: { readonly default?: object } };
  };
  return Object.keys(state.migrations?.default ?? {}).sort();
}

export function studentsIn({ hasura }: Emulator): Promise<readonly Row[]> {
  return hasura.query("SELECT * FROM students ORDER BY id");
}
