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
  const { message, sqlState } = error;
  const name = /"([^"]+)"/.exec(message)?.[1] ?? "";
  if (/^role "/.test(message)) return { kind: "made", sql: roleMade(name) };
  switch (sqlState) {
    case "0A000":
    case "58P01":
    case "22023":
      return EXTENSION.test(message) ? unknown("engine-lacks", lacks(message, engine)) : undefined;
    case "42704":
      return missingObject(error, name);
    case "42883":
      return missingFunction(error);
    case "3F000":
    case "42P01":
    case "42703":
      return missingRelation(error, name);
    case "23503":
      return unknown("needs-rows", `needs a row that no migration makes: ${missingRow(error)}`);
    case "P0002":
      return unknown("needs-rows", `needs a row that no migration makes: ${sqlWords(error)}`);
    default:
      return undefined;
  }
}

/** As PostgreSQL 12 to 18 write it: `could not open extension control file "…/vector.control"`, `extension "vector" is not available`. */
const EXTENSION = /extension (?:control file )?"(?:[^"]*\/)?([^"/]+?)(?:\.control)?"/;

function lacks(message: string, { name: engine }: Engine): string {
  return `cannot prove here: ${engine} does not have the extension ${EXTENSION.exec(message)?.[1]}`;
}

/** From `Key (role)=(admin) is not present in table "roles".`: `roles (role)=(admin)`. */
function missingRow({ detail = "", message }: SqlError): string {
  const [, key, table] = /^Key (.*) is not present in table "(.*)"\.$/s.exec(detail) ?? [];
  return key === undefined ? message : `${table} ${key}`;
}

/** Types, operator classes, languages, foreign-data wrappers and all else of SQLSTATE 42704. */
function missingObject(error: SqlError, name: string): Outside {
  const [kind] = error.message.split(' "');
  const isOfExtension = kind === "language" || kind === "foreign-data wrapper";
  const method = /operator class for access method "(gin|gist)"/.exec(error.message)?.[1];
  const word = name.split("(")[0]?.split(".").at(-1) ?? "";
  const extension = isOfExtension ? name : extensionOf(method ?? word);
  return extension === undefined ? notMade(error) : extensionMade(extension);
}

function missingFunction(error: SqlError): Outside {
  const called = /function (?:\w+\.)?(\w+)\(/.exec(error.message)?.[1] ?? "";
  const extension = extensionOf(called);
  return extension === undefined ? notMade(error) : extensionMade(extension);
}

function missingRelation(error: SqlError, name: string): Outside {
  if (/"hdb_catalog[."]/.test(error.message)) return { kind: "made", sql: HDB_CATALOG };
  if (error.sqlState !== "3F000" || name === "") return notMade(error);
  if (name === "cron") return extensionMade("pg_cron");
  return { kind: "made", sql: `CREATE SCHEMA IF NOT EXISTS ${quoted(name)};` };
}

function notMade(error: SqlError): Outside {
  return unknown("needs-object", `needs what no migration makes: ${sqlWords(error)}`);
}

function unknown(rule: "needs-object" | "needs-rows" | "engine-lacks", words: string): Outside {
  return { kind: "unknown", finding: { rule, words } };
}

function extensionMade(name: string): Outside {
  return { kind: "made", sql: `CREATE EXTENSION IF NOT EXISTS ${quoted(name)};` };
}

/** Roles belong to the whole server, where another run may have made it. */
function roleMade(name: string): string {
  const create = `CREATE ROLE ${quoted(name)}`;
  return `DO $$ BEGIN ${create}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;`;
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
CREATE OR REPLACE FUNCTION hdb_catalog.gen_hasura_uuid() RETURNS uuid LANGUAGE sql
  AS 'SELECT md5(random()::text || clock_timestamp()::text)::uuid';
CREATE OR REPLACE FUNCTION hdb_catalog.insert_event_log(schema_name text, table_name text, trigger_name text, op text, row_data json)
  RETURNS text LANGUAGE sql AS 'SELECT ''''::text';`;
