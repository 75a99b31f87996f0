import { appeared, changed, gone, leftBehind, refused } from "../words.js";
import type { Shape } from "./shape.js";
import { COURSES, STUDENTS } from "./students.js";

const ROOMS = `create table rooms (id integer primary key, during int4range);
insert into rooms values (1, '[1,3)'), (2, '[3,5)');
`;

const FOREIGN_KEY = "foreign key (school_id) references schools (id)";

export const constraints: readonly Shape[] = [
  {
    name: "add a primary key",
    before: "create table plain (id integer not null);\ninsert into plain values (1), (2);\n",
    up: `alter table "public"."plain" add constraint "plain_pkey" primary key ("id");`,
    down: `alter table "public"."plain" drop constraint "plain_pkey";`,
    status: "exact",
  },
  {
    name: "add a primary key, its NOT NULL stays",
    before: "create table plain (id integer);\ninsert into plain values (1), (2);\n",
    up: "alter table plain add primary key (id);",
    down: "alter table plain drop constraint plain_pkey;",
    status: "broken",
    words: [appeared("plain.id", "NOT NULL")],
  },
  {
    name: "change a primary key as the console does",
    before: STUDENTS,
    up: `BEGIN TRANSACTION;
ALTER TABLE "public"."students" DROP CONSTRAINT "students_pkey";

ALTER TABLE "public"."students"
    ADD CONSTRAINT "students_pkey" PRIMARY KEY ("id", "name");
COMMIT TRANSACTION;`,
    down: `alter table "public"."students" drop constraint "students_pkey";
alter table "public"."students"
    add constraint "students_pkey"
    primary key ("id");`,
    status: "exact",
    refusesSquash: "COMMIT",
  },
  {
    name: "drop a primary key that is referred to, with what hangs on it",
    before: COURSES,
    up: "alter table schools drop constraint schools_pkey cascade;",
    down: "alter table schools add constraint schools_pkey primary key (id);",
    status: "broken",
    words: [gone("constraint", "courses.courses_school_id_fkey")],
  },
  {
    name: "add a check",
    before: STUDENTS,
    up: `alter table "public"."students" add constraint "short_score" check (length(score) < 10);`,
    down: `alter table "public"."students" drop constraint "short_score";`,
    status: "exact",
  },
  {
    name: "change a check, the old one not restored",
    before: `${STUDENTS}alter table students add constraint short check (length(score) < 10);\n`,
    up: "alter table students drop constraint short; alter table students add constraint short check (length(score) < 20);",
    down: "alter table students drop constraint short;",
    status: "broken",
    words: [gone("constraint", "students.short")],
  },
  {
    name: "add a unique constraint",
    before: STUDENTS,
    up: `alter table "public"."students" add constraint "students_name_key" unique ("name");`,
    down: `alter table "public"."students" drop constraint "students_name_key";`,
    status: "exact",
  },
  {
    name: "add a unique constraint to rows that repeat",
    before: COURSES,
    up: "alter table courses add unique (school_id);",
    down: "alter table courses drop constraint courses_school_id_key;",
    status: "broken",
    words: [refused("up", "23505")],
  },
  {
    name: "drop a unique constraint, bring back an index",
    before: COURSES,
    up: "alter table schools drop constraint schools_name_key;",
    down: "create unique index schools_name_key on schools (name);",
    status: "broken",
    words: [gone("constraint", "schools.schools_name_key")],
  },
  {
    name: "drop a unique constraint, bring it back by another name",
    before: COURSES,
    up: `alter table "public"."schools" drop constraint "schools_name_key";`,
    down: `alter table "public"."schools" add constraint "schools_name_unique" unique ("name");`,
    status: "broken",
    words: [
      gone("constraint", "schools.schools_name_key"),
      leftBehind("constraint", "schools.schools_name_unique"),
    ],
  },
  {
    name: "rename a constraint",
    before: COURSES,
    up: "alter table schools rename constraint schools_name_key to name_once;",
    down: "alter table schools rename constraint name_once to schools_name_key;",
    status: "exact",
  },
  {
    name: "change a foreign key as the console does",
    before: COURSES,
    up: `alter table "public"."courses" drop constraint "courses_school_id_fkey",
  add constraint "courses_school_id_fkey"
  foreign key ("school_id")
  references "public"."schools"
  ("id") on update restrict on delete restrict;`,
    down: `alter table "public"."courses" drop constraint "courses_school_id_fkey",
  add constraint "courses_school_id_fkey"
  foreign key ("school_id")
  references "public"."schools"
  ("id") on update no action on delete cascade;`,
    status: "exact",
  },
  {
    name: "drop a foreign key, bring it back without its action",
    before: COURSES,
    up: "alter table courses drop constraint courses_school_id_fkey;",
    down: `alter table courses add constraint courses_school_id_fkey ${FOREIGN_KEY};`,
    status: "broken",
    words: [
      changed(
        "courses.courses_school_id_fkey",
        "the definition",
        "FOREIGN KEY (school_id) REFERENCES schools(id) ON DELETE CASCADE",
        "FOREIGN KEY (school_id) REFERENCES schools(id)",
      ),
    ],
  },
  {
    name: "make a foreign key deferrable",
    before: COURSES,
    up: "alter table courses alter constraint courses_school_id_fkey deferrable initially deferred;",
    down: "alter table courses alter constraint courses_school_id_fkey not deferrable;",
    status: "exact",
  },
  {
    name: "make a foreign key deferrable, leave it half so",
    before: COURSES,
    up: "alter table courses alter constraint courses_school_id_fkey deferrable initially deferred;",
    down: "alter table courses alter constraint courses_school_id_fkey deferrable initially immediate;",
    status: "broken",
    words: ["courses.courses_school_id_fkey: "],
  },
  {
    name: "a foreign key to rows that are not there",
    before: `${COURSES}alter table courses drop constraint courses_school_id_fkey; insert into courses values (4, 9, 'Química');\n`,
    up: `alter table courses add constraint courses_school_id_fkey ${FOREIGN_KEY};`,
    down: "alter table courses drop constraint courses_school_id_fkey;",
    status: "broken",
    words: [refused("up", "23503")],
  },
  {
    name: "a check that is not validated",
    before: STUDENTS,
    up: "alter table students add constraint some_score check (score is not null) not valid;",
    down: "alter table students drop constraint some_score;",
    status: "exact",
  },
  {
    name: "validate a check, and not any more",
    before: `${STUDENTS}alter table students add constraint named check (name <> '') not valid;\n`,
    up: "alter table students validate constraint named;",
    down: "alter table students drop constraint named; alter table students add constraint named check (name <> '') not valid;",
    status: "exact",
  },
  {
    name: "validate a check, bring it back validated",
    before: `${STUDENTS}alter table students add constraint named check (name <> '') not valid;\n`,
    up: "alter table students validate constraint named;",
    down: "alter table students drop constraint named; alter table students add constraint named check (name <> '');",
    status: "broken",
    words: ["students.named: "],
  },
  {
    name: "an exclusion constraint",
    before: ROOMS,
    up: "alter table rooms add constraint one_at_a_time exclude using gist (during with &&);",
    down: "alter table rooms drop constraint one_at_a_time;",
    status: "exact",
  },
  {
    name: "an exclusion constraint, dropped for good",
    before: `${ROOMS}alter table rooms add constraint one_at_a_time exclude using gist (during with &&);\n`,
    up: "alter table rooms drop constraint one_at_a_time;",
    down: "create index one_at_a_time on rooms using gist (during);",
    status: "broken",
    words: [gone("constraint", "rooms.one_at_a_time")],
  },
  {
    name: "a constraint from an index that stands",
    before: `${STUDENTS}create unique index students_name_once on students (name);\n`,
    up: "alter table students add constraint students_name_once unique using index students_name_once;",
    down: "alter table students drop constraint students_name_once; create unique index students_name_once on students (name);",
    status: "exact",
  },
];
