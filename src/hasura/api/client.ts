import { z } from "zod";
import { Exchange, type ExchangeOptions } from "./exchange.js";
import * as wire from "./wire.js";

/** A table that Hasura tracks. */
export interface TrackedTable {
  readonly schema: string;
  readonly name: string;
}

interface Reading {
  readonly source: string;
  /** What it is for, as the end of "could not". */
  readonly intent: string;
  /** Statements before it, as `SET LOCAL …;`: they hold for its transaction. */
  readonly settings?: string;
}

const READ_MS = 30_000;
/** An index over a large table takes its time. */
const SQL_MS = 60 * 60_000;

const serverVersion = z.object({ version: z.string() });

/** The door to one Hasura: one method per operation. Errors are `DadosferaError`s; none holds the admin secret. */
export class HasuraClient {
  readonly #exchange: Exchange;

  constructor(options: ExchangeOptions) {
    this.#exchange = new Exchange(options);
  }

  get endpoint(): string {
    return this.#exchange.endpoint;
  }

  /** Ends what is under way. */
  close(): void {
    this.#exchange.close();
  }

  /** Hasura's own version, as `v2.36.0`. */
  async serverVersion(): Promise<string> {
    const operation = { path: "/v1/version", intent: "read Hasura's version", isEffect: false };
    return (await this.#exchange.send({ ...operation, deadlineMs: READ_MS }, serverVersion))
      .version;
  }

  /** The whole `cli_state` (`get_catalog_state`), with keys that are not ours. */
  async readCliState(): Promise<wire.CliState> {
    const answer = await this.#metadata(
      "get_catalog_state",
      {},
      "read the state of migrations",
      wire.catalogStateAnswer,
    );
    return answer.cli_state;
  }

  /** Replaces the whole `cli_state`. @throws `HASURA_OUTCOME_UNKNOWN` when the answer was lost. */
  async replaceCliState(state: wire.CliState): Promise<void> {
    const args = { type: "cli", state };
    await this.#metadata(
      "set_catalog_state",
      args,
      "write the state of migrations",
      wire.anything,
      true,
    );
  }

  /**
   * Runs a text of statements in one transaction, with metadata left as it is (`check_metadata_consistency: false`), as Hasura's CLI runs
   * a migration. Never repeated. @throws `HASURA_REFUSED` with PostgreSQL's words, `HASURA_OUTCOME_UNKNOWN` when the answer was lost.
   */
  async runSql(
    sql: string,
    about: { readonly source: string; readonly intent: string },
  ): Promise<void> {
    await this.#sql(sql, { ...about, isEffect: true }, wire.sqlAnswer);
  }

  /** The rows of one SELECT whose columns are all text, in a transaction that only reads. */
  async queryRows(
    select: string,
    { source, intent, settings = "" }: Reading,
  ): Promise<readonly Readonly<Record<string, string | null>>[]> {
    // As JSON: by itself Hasura answers null and the text 'NULL' alike.
    const sql = `${settings}SELECT row_to_json(found)::text AS row FROM (${select}) AS found`;
    return this.#sql(sql, { source, intent, isEffect: false }, wire.jsonRowsAnswer);
  }

  /** The tables that Hasura tracks in a source; undefined if it has no PostgreSQL source of that name. */
  async trackedTables(source: string): Promise<readonly TrackedTable[] | undefined> {
    const sources = await this.#metadata(
      "export_metadata",
      {},
      "read the metadata",
      wire.metadataAnswer,
    );
    return sources.find(({ name, kind }) => name === source && kind === "postgres")?.tables;
  }

  /** Makes Hasura look at its databases anew. */
  async reloadMetadata(): Promise<void> {
    await this.#metadata("reload_metadata", {}, "reload the metadata", wire.anything);
  }

  /** What metadata says and the databases do not hold, each in words, as of the last time that Hasura looked. */
  inconsistencies(): Promise<readonly string[]> {
    return this.#metadata(
      "get_inconsistent_metadata",
      {},
      "ask what metadata is inconsistent",
      wire.inconsistencyAnswer,
    );
  }

  #sql<T>(
    sql: string,
    {
      source,
      intent,
      isEffect,
    }: { readonly source: string; readonly intent: string; readonly isEffect: boolean },
    answer: z.ZodType<T>,
  ): Promise<T> {
    const args = {
      sql,
      source,
      check_metadata_consistency: false,
      ...(!isEffect && { read_only: true }),
    };
    return this.#exchange.send(
      {
        path: "/v2/query",
        body: { type: "run_sql", args },
        intent,
        isEffect,
        deadlineMs: isEffect ? SQL_MS : READ_MS,
      },
      answer,
    );
  }

  #metadata<T>(
    type: string,
    args: unknown,
    intent: string,
    answer: z.ZodType<T>,
    isEffect = false,
  ): Promise<T> {
    const operation = { path: "/v1/metadata", body: { type, args }, intent, isEffect };
    return this.#exchange.send({ ...operation, deadlineMs: READ_MS }, answer);
  }
}
