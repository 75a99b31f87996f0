import type { Finding } from "../../domain/verdict.js";
import type { Engine, SqlError } from "../scratch/scratch.js";
import { extensionOf } from "./extensions.js";
import { sqlWords } from "./sql-failure.js";

/** What an up needs that no migration of the folder makes. */
export type Outside =
  /** It can be made here, and is offered as a line of the prelude. */
  | { readonly kind: "made"; readonly sql: string }
  /** Only the user knows what it looks like. */
  | { readonly kind: "unknown"; readonly finding: Finding };

/** Reads from a refusal what was missing; undefined if nothing was. SQLSTATEs: PostgreSQL, appendix A. */
export function readOutside(error: SqlError, engine: Engine): Outside | undefined {
  const { message, sqlState, detail } = error;
  const name = /"([^"]+)"/.exec(message)?.[1] ?? "";
  switch (sqlState) {
    case "0A000":
    case "58P01":
    case "22023":
      return isExtension(message) ? unknown("engine-lacks", lacks(name, engine)) : undefined;
    case "42704":
      return missingObject(error, name);
    case "42883":
      return missingFunction(error);
    case "3F000":
    case "42P01":
    case "42703":
      return missingRelation(error, name);
    case "23503":
      return unknown("needs-rows", `needs a row that no migration makes: ${detail ?? message}`);
    default:
      return undefined;
  }
}

function isExtension(message: string): boolean {
  return message.includes("extension");
}

function lacks(name: string, { name: engine }: Engine): string {
  return `cannot prove here: ${engine} does not have the extension ${name}`;
}

function missingObject(error: SqlError, name: string): Outside | undefined {
  if (/^role /.test(error.message)) {
    return { kind: "made", sql: `CREATE ROLE ${quoted(name)};` };
  }
  const extension = extensionOf(name.split("(")[0] ?? "");
  if (extension !== undefined) return extensionMade(extension);
  return unknown("needs-object", `needs what no migration makes: ${sqlWords(error)}`);
}

function missingFunction(error: SqlError): Outside {
  const called = /function (?:\w+\.)?(\w+)\(/.exec(error.message)?.[1] ?? "";
  const extension = extensionOf(called);
  if (extension !== undefined) return extensionMade(extension);
  return unknown("needs-object", `needs what no migration makes: ${sqlWords(error)}`);
}

function missingRelation(error: SqlError, name: string): Outside {
  if (/hdb_catalog/.test(error.message)) return { kind: "made", sql: HDB_CATALOG };
  if (error.sqlState === "3F000") {
    return { kind: "made", sql: `CREATE SCHEMA IF NOT EXISTS ${quoted(name)};` };
  }
  return unknown("needs-object", `needs what no migration makes: ${sqlWords(error)}`);
}

function unknown(rule: "needs-object" | "needs-rows" | "engine-lacks", words: string): Outside {
  return { kind: "unknown", finding: { rule, words } };
}

function extensionMade(name: string): Outside {
  return { kind: "made", sql: `CREATE EXTENSION IF NOT EXISTS ${quoted(name)};` };
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** What views and triggers refer to of Hasura's own schema (graphql-engine, `server/src-rsr/init_pg_source.sql`): shapes only. */
const HDB_CATALOG = `CREATE SCHEMA IF NOT EXISTS hdb_catalog;
CREATE TABLE IF NOT EXISTS hdb_catalog.event_log (
  id text PRIMARY KEY, schema_name text NOT NULL, table_name text NOT NULL, trigger_name text NOT NULL,
  payload jsonb NOT NULL, delivered boolean NOT NULL DEFAULT false, error boolean NOT NULL DEFAULT false,
  tries integer NOT NULL DEFAULT 0, created_at timestamp DEFAULT now(), locked timestamptz,
  next_retry_at timestamp, archived boolean NOT NULL DEFAULT false);
CREATE TABLE IF NOT EXISTS hdb_catalog.event_invocation_logs (
  id text PRIMARY KEY, trigger_name text, event_id text, status integer, request json, response json,
  created_at timestamp DEFAULT now());
CREATE TABLE IF NOT EXISTS hdb_catalog.hdb_version (
  hasura_uuid uuid PRIMARY KEY, version text NOT NULL, upgraded_on timestamptz NOT NULL,
  cli_state jsonb NOT NULL DEFAULT '{}', console_state jsonb NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS hdb_catalog.schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
CREATE OR REPLACE FUNCTION hdb_catalog.gen_hasura_uuid() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
CREATE OR REPLACE FUNCTION hdb_catalog.insert_event_log(schema_name text, table_name text, trigger_name text, op text, row_data json)
  RETURNS text LANGUAGE sql AS 'SELECT ''''::text';`;
