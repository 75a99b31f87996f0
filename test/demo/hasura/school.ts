import type { Files } from "../../support/hasura-folder.js";

/** The walkthrough that people make by hand: scores that were text become numbers, in three migrations of Hasura's console. */
export const FROM = "1638852925395";
const ADD = "1638852925395_add_score_decimal";
const CAST = "1638852925396_cast_students_score_to_decimal_migration";
export const RENAME = "1638852925397_rename_columns_and_remove_old_migration";
export const PARTS = [ADD, CAST, RENAME] as const;
export const CREATE = "1638852900000_create_students";
export const SQUASH = "1638852925397_changing_column_type";

const CAST_UP = `UPDATE students SET score_decimal = CAST(score AS decimal);
`;

export const project: Files = {
  "config.yaml": "version: 3\nmetadata_directory: metadata\n",
  ...migration(
    CREATE,
    `CREATE TABLE "public"."students" ("id" serial NOT NULL, "name" text NOT NULL, "score" text NOT NULL, PRIMARY KEY ("id"));
`,
    `DROP TABLE "public"."students";
`,
  ),
  ...migration(
    ADD,
    `alter table "public"."students" add column "score_decimal" numeric
 null;
`,
    `alter table "public"."students" drop column "score_decimal";
`,
  ),
  ...migration(
    CAST,
    CAST_UP,
    `-- Could not auto-generate a down migration.
-- Please write an appropriate down migration for the SQL below:
-- ${CAST_UP}`,
  ),
  ...migration(
    RENAME,
    `alter table "public"."students" rename column "score" to "score_text";
alter table "public"."students" rename column "score_decimal" to "score";
alter table "public"."students" drop column "score_text";
`,
    `alter table "public"."students" add column "score_text" text;
alter table "public"."students" rename column "score" to "score_decimal";
alter table "public"."students" rename column "score_text" to "score";
`,
  ),
};

/** What the two downs should have been. */
export const rightDowns: Files = {
  [`migrations/default/${CAST}/down.sql`]: `UPDATE students SET score_decimal = NULL;
`,
  [`migrations/default/${RENAME}/down.sql`]: `alter table "public"."students" rename column "score" to "score_decimal";
alter table "public"."students" add column "score" text;
UPDATE "public"."students" SET "score" = "score_decimal"::text;
alter table "public"."students" alter column "score" set not null;
`,
};

export const STUDENTS = `INSERT INTO students (name, score) VALUES
  ('Ana', '8.5'), ('Bruno', '7'), ('Célia', '007'), ('Davi', '1e1'), ('Eva', ' 8 '), ('João', '9.75');`;

export const gradedAt: Files = migration(
  "1638852930000_add_graded_at",
  `alter table "public"."students" add column "graded_at" timestamp not null default '2025-12-17 16:50:00';
`,
  `alter table "public"."students" drop column "graded_at";
`,
);

export const RENAMING = "1638852940000_rename_name";
export const renaming: Files = migration(
  RENAMING,
  `alter table "public"."students" rename column "name" to "full_name";
`,
  `alter table "public"."students" rename column "full_name" to "name";
`,
);

export function fileOf(name: string, direction: "up" | "down"): string {
  return `migrations/default/${name}/${direction}.sql`;
}

export function sqlOf(files: Files, name: string, direction: "up" | "down"): string {
  return String(files[fileOf(name, direction)]);
}

function migration(name: string, up: string, down: string): Files {
  return { [fileOf(name, "up")]: up, [fileOf(name, "down")]: down };
}
