import { changed, gone, leftBehind, lost, missing, nothingToRun, refused } from "../words.js";
import type { Shape } from "./shape.js";
import { STUDENTS } from "./students.js";

const MOODS = `create type mood as enum ('sad', 'ok', 'glad');
create table days (id integer primary key, mood mood not null default 'ok');
insert into days values (1, 'sad'), (2, 'glad');
`;

const rebuilt = (labels: string): string => `alter table days alter column mood drop default;
alter type mood rename to mood_old;
create type mood as enum (${labels});
alter table days alter column mood type mood using mood::text::mood;
alter table days alter column mood set default 'ok';
drop type mood_old;
`;

export const enums: readonly Shape[] = [
  {
    name: "create an enum",
    before: STUDENTS,
    up: "create type grade as enum ('A', 'B', 'não avaliado');",
    down: "drop type grade;",
    status: "exact",
  },
  {
    name: "create an enum and a column of it, the enum left behind",
    before: STUDENTS,
    up: "create type grade as enum ('A', 'B'); alter table students add column grade grade;",
    down: "alter table students drop column grade;",
    status: "broken",
    words: [leftBehind("enum", "grade")],
  },
  {
    name: "drop an enum that is used",
    before: STUDENTS,
    up: "create type grade as enum ('A', 'B'); alter table students add column grade grade;",
    down: "drop type grade; alter table students drop column grade;",
    status: "broken",
    words: [refused("down", "2BP01")],
  },
  {
    name: "add a label, no down",
    before: MOODS,
    up: "ALTER TYPE mood ADD VALUE 'elated';",
    status: "broken",
    words: [missing("down")],
    refusesSquash: "ALTER TYPE mood ADD VALUE",
  },
  {
    name: "add a label, a down of comments",
    before: MOODS,
    up: "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'elated' AFTER 'glad';",
    down: `-- Could not auto-generate a down migration.
-- Please write an appropriate down migration for the SQL below:
-- ALTER TYPE mood ADD VALUE IF NOT EXISTS 'elated' AFTER 'glad';
`,
    status: "broken",
    words: [nothingToRun("down")],
    refusesSquash: "ALTER TYPE mood ADD VALUE",
  },
  {
    name: "add a label in the middle, the enum made anew",
    before: MOODS,
    up: "ALTER TYPE mood ADD VALUE 'so-so' BEFORE 'ok';",
    down: rebuilt("'sad', 'ok', 'glad'"),
    status: "exact",
    refusesSquash: "ALTER TYPE mood ADD VALUE",
  },
  {
    name: "add a label, the enum made anew in another order",
    before: MOODS,
    up: "ALTER TYPE mood ADD VALUE 'elated';",
    down: rebuilt("'sad', 'glad', 'ok'"),
    status: "broken",
    words: [changed("mood", "the labels", "sad, ok, glad", "sad, glad, ok")],
    refusesSquash: "ALTER TYPE mood ADD VALUE",
  },
  {
    name: "add a label, the enum made anew without the default of its column",
    before: MOODS,
    up: "ALTER TYPE mood ADD VALUE 'elated';",
    down: rebuilt("'sad', 'ok', 'glad'").replace(/alter table days alter column mood set.*\n/, ""),
    status: "broken",
    words: [lost("days.mood", "the default")],
    refusesSquash: "ALTER TYPE mood ADD VALUE",
  },
  {
    name: "add a label and use it in the same file",
    before: MOODS,
    up: "ALTER TYPE mood ADD VALUE 'elated'; UPDATE days SET mood = 'elated' WHERE id = 2;",
    down: "UPDATE days SET mood = 'glad' WHERE id = 2;",
    status: "broken",
    words: [refused("up", "55P04")],
    refusesSquash: "ALTER TYPE mood ADD VALUE",
  },
  {
    name: "rename a label",
    before: MOODS,
    up: "alter type mood rename value 'glad' to 'happy';",
    down: "alter type mood rename value 'happy' to 'glad';",
    status: "exact",
  },
  {
    name: "rename a label, another name back",
    before: MOODS,
    up: "alter type mood rename value 'glad' to 'happy';",
    down: "alter type mood rename value 'happy' to 'content';",
    status: "broken",
    words: [changed("mood", "the labels", "sad, ok, glad", "sad, ok, content")],
  },
  {
    name: "a table of labels, as Hasura's own enums",
    before: STUDENTS,
    up: `CREATE TABLE "public"."role" ("value" text NOT NULL, "comment" text, PRIMARY KEY ("value") ); COMMENT ON TABLE "public"."role" IS E'Papéis';
INSERT INTO "public"."role" ("value", "comment") VALUES ('admin', 'Administração'), ('aluno', null);`,
    down: `DROP TABLE "public"."role";`,
    status: "exact",
  },
  {
    name: "a domain",
    before: STUDENTS,
    up: "create domain percent as integer default 0 not null check (value between 0 and 100); alter table students add column done percent;",
    down: "alter table students drop column done; drop domain percent;",
    status: "exact",
  },
  {
    name: "a rule of a domain that goes",
    before:
      "create domain percent as integer constraint percent_range check (value between 0 and 100);\ncreate table work (id integer primary key, done percent);\ninsert into work values (1, 50);\n",
    up: "alter domain percent drop constraint percent_range;",
    down: "alter domain percent add constraint percent_range check (value <= 100);",
    status: "broken",
    words: ["percent"],
  },
  {
    name: "a composite type",
    before: STUDENTS,
    up: "create type address as (street text, number integer); alter table students add column address address;",
    down: "alter table students drop column address; drop type address;",
    status: "exact",
  },
  {
    name: "an attribute of a composite type that stays away",
    before:
      "create type address as (street text, number integer);\ncreate table houses (id integer primary key);\ninsert into houses values (1);\n",
    up: "alter type address drop attribute number;",
    down: "select 1;",
    status: "broken",
    words: ["address: "],
  },
  {
    name: "a range type and a cast, one left behind",
    before: STUDENTS,
    up: "create type floatrange as range (subtype = float8); create function to_text(floatrange) returns text language sql immutable return 'range';",
    down: "drop function to_text(floatrange);",
    status: "broken",
    words: [leftBehind("type", "floatrange")],
  },
  {
    name: "an enum that goes with its table's schema",
    before: `create schema aux;\ncreate type aux.kind as enum ('x');\n${STUDENTS}`,
    up: "drop schema aux cascade;",
    down: "create schema aux;",
    status: "broken",
    words: [gone("enum", "aux.kind")],
  },
];
