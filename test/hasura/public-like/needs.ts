import type { Draft, World } from "./world.js";

/** What a folder may need that no migration of it makes. */
export type Need = "pgcrypto" | "role" | "event log" | "outside table" | "missing row";

interface Needed {
  /** SQL that stands before the first migration, so that this one can be applied. */
  readonly prelude: string;
  readonly draft: Omit<Draft, "next" | "wrong">;
}

/** The migration that needs it. Its down is right. */
export function draftOf(need: Need, world: World): Draft {
  return { ...NEEDS[need].draft, wrong: [], next: world };
}

export function preludeOf(needs: readonly Need[]): string {
  return needs.map((need) => NEEDS[need].prelude).join("");
}

const NEEDS: Readonly<Record<Need, Needed>> = {
  pgcrypto: {
    prelude: "CREATE EXTENSION IF NOT EXISTS pgcrypto;\n",
    draft: {
      name: "create_table_public_tokens",
      up: `CREATE TABLE "public"."tokens" ("id" uuid NOT NULL DEFAULT gen_random_uuid(), "secret" text NOT NULL DEFAULT encode(gen_random_bytes(8), 'hex'), PRIMARY KEY ("id") );`,
      down: `DROP TABLE "public"."tokens";`,
    },
  },
  role: {
    prelude: `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'leitor') THEN CREATE ROLE "leitor"; END IF; END $$;\n`,
    draft: {
      name: "grant_to_leitor",
      up: `CREATE SCHEMA "relatórios";\nGRANT USAGE ON SCHEMA "relatórios" TO "leitor";`,
      down: `DROP SCHEMA "relatórios";`,
    },
  },
  "event log": {
    prelude: `CREATE SCHEMA IF NOT EXISTS hdb_catalog;
CREATE TABLE IF NOT EXISTS hdb_catalog.event_log (id text PRIMARY KEY, schema_name text NOT NULL, table_name text NOT NULL, trigger_name text NOT NULL, payload jsonb NOT NULL, delivered boolean NOT NULL DEFAULT false, error boolean NOT NULL DEFAULT false, tries integer NOT NULL DEFAULT 0, created_at timestamp DEFAULT now(), locked timestamptz, next_retry_at timestamp, archived boolean NOT NULL DEFAULT false);
`,
    draft: {
      name: "create_view_failed_events",
      up: `CREATE OR REPLACE VIEW "public"."failed_events" AS SELECT id, table_name, payload FROM hdb_catalog.event_log WHERE error;`,
      down: `DROP VIEW "public"."failed_events";`,
    },
  },
  "outside table": {
    prelude: `CREATE TABLE "public"."legacy_clients" ("id" serial PRIMARY KEY, "name" text);\n`,
    draft: {
      name: "alter_table_public_legacy_clients_add_column_cpf",
      up: `alter table "public"."legacy_clients" add column "cpf" text\n null;`,
      down: `alter table "public"."legacy_clients" drop column "cpf";`,
    },
  },
  "missing row": {
    prelude: "",
    draft: {
      name: "insert_into_plans",
      up: `INSERT INTO "public"."plans"("id", "region_id") VALUES (1, 77);`,
      down: `DELETE FROM "public"."plans" WHERE "id" = 1;`,
    },
  },
};

/** The tables that the missing row stands in: made by a migration before the one that needs it. */
export function tablesForMissingRow(world: World): Draft {
  return {
    name: "create_table_public_regions_and_plans",
    up: `CREATE TABLE "public"."regions" ("id" integer NOT NULL, PRIMARY KEY ("id") );\nCREATE TABLE "public"."plans" ("id" integer NOT NULL, "region_id" integer NOT NULL REFERENCES "public"."regions"("id"), PRIMARY KEY ("id") );`,
    down: `DROP TABLE "public"."plans";\nDROP TABLE "public"."regions";`,
    wrong: [],
    next: world,
  };
}

/** The row that has to be there, as a migration in between would make it. */
export const MISSING_ROW = `INSERT INTO "public"."regions"("id") VALUES (77);`;
