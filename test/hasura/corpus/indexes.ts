import { changed, gone, leftBehind, refused } from "../words.js";
import type { Shape } from "./shape.js";
import { STUDENTS } from "./students.js";

const INDEXED = `${STUDENTS}create index students_name_index on students (name) where score is not null;\n`;

export const indexes: readonly Shape[] = [
  {
    name: "create an index as the console does",
    before: STUDENTS,
    up: `CREATE  INDEX "students_name_index" on
  "public"."students" using btree ("name");`,
    down: `DROP INDEX IF EXISTS "public"."students_name_index";`,
    status: "exact",
  },
  {
    name: "an index with a condition",
    before: STUDENTS,
    up: "create unique index one_name on students (name) where score is not null;",
    down: "drop index one_name;",
    status: "exact",
  },
  {
    name: "an index on an expression",
    before: STUDENTS,
    up: "create index students_lower on students (lower(name) text_pattern_ops, score desc nulls last);",
    down: "drop index students_lower;",
    status: "exact",
  },
  {
    name: "an index that holds more columns",
    before: STUDENTS,
    up: "create unique index students_covering on students (id) include (name);",
    down: "drop index students_covering;",
    status: "exact",
  },
  {
    name: "an index of another method",
    before:
      "create table papers (id integer primary key, body jsonb);\ninsert into papers values (1, '{\"a\": 1}');\n",
    up: "create index papers_body on papers using gin (body jsonb_path_ops); create index papers_id on papers using hash (id);",
    down: "drop index papers_body, papers_id;",
    status: "exact",
  },
  {
    name: "drop an index, bring it back",
    before: INDEXED,
    up: "drop index students_name_index;",
    down: "create index students_name_index on students (name) where score is not null;",
    status: "exact",
  },
  {
    name: "drop an index, bring it back without its condition",
    before: INDEXED,
    up: "drop index students_name_index;",
    down: "create index students_name_index on students (name);",
    status: "broken",
    words: [
      changed(
        "students_name_index",
        "the definition",
        "CREATE INDEX students_name_index ON public.students USING btree (name) WHERE (score IS NOT NULL)",
        "CREATE INDEX students_name_index ON public.students USING btree (name)",
      ),
    ],
  },
  {
    name: "drop an index, bring it back by another name",
    before: INDEXED,
    up: "drop index students_name_index;",
    down: "create index students_name_idx on students (name) where score is not null;",
    status: "broken",
    words: [gone("index", "students_name_index"), leftBehind("index", "students_name_idx")],
  },
  {
    name: "rename an index",
    before: INDEXED,
    up: "alter index students_name_index rename to by_name;",
    down: "alter index by_name rename to students_name_index;",
    status: "exact",
  },
  {
    name: "an index goes with its column",
    before: `${STUDENTS}create index students_score_index on students (score);\n`,
    up: "alter table students drop column score;",
    down: "alter table students add column score text;",
    status: "broken",
    words: [gone("index", "students_score_index")],
  },
  {
    name: "an index left behind",
    before: STUDENTS,
    up: "alter table students add column city text; create index students_id_name on students (id, name);",
    down: "alter table students drop column city;",
    status: "broken",
    words: [leftBehind("index", "students_id_name")],
  },
  {
    name: "an index built beside the traffic, alone in its file",
    before: STUDENTS,
    up: "CREATE INDEX CONCURRENTLY students_name_index ON students (name);",
    down: "DROP INDEX CONCURRENTLY students_name_index;",
    status: "exact",
    refusesSquash: "CREATE INDEX CONCURRENTLY",
  },
  {
    name: "an index built beside the traffic, with another statement",
    before: STUDENTS,
    up: "CREATE INDEX CONCURRENTLY students_name_index ON students (name); ALTER TABLE students ADD COLUMN city text;",
    down: "ALTER TABLE students DROP COLUMN city; DROP INDEX students_name_index;",
    status: "broken",
    words: [refused("up", "25001")],
    refusesSquash: "CREATE INDEX CONCURRENTLY",
  },
  {
    name: "mark the index that orders the table",
    before: INDEXED,
    up: "alter table students cluster on students_pkey;",
    down: "alter table students set without cluster;",
    status: "exact",
  },
  {
    name: "statistics over columns",
    before: STUDENTS,
    up: "create statistics name_and_score (dependencies) on name, score from students;",
    down: "drop statistics name_and_score;",
    status: "exact",
  },
];
