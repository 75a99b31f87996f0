import { changed, gone, leftBehind, lost, refused } from "../words.js";
import type { Shape } from "./shape.js";
import { STUDENTS } from "./students.js";

const TOUCH = `create function touch() returns trigger language plpgsql as $$
begin
  new.name := upper(new.name); -- a note; with a semicolon
  return new;
end;
$$;
`;

const TOUCHED = `${STUDENTS}${TOUCH}create trigger touch_students before update on students for each row execute function touch();\n`;

const DOUBLE = `create function double(n integer) returns integer language sql immutable as $$ select n * 2; $$;`;

const UPDATED_AT = `alter table "public"."students" add column "updated_at" timestamptz
 null default now();

CREATE OR REPLACE FUNCTION "public"."set_current_timestamp_updated_at"()
RETURNS TRIGGER AS $$
DECLARE
  _new record;
BEGIN
  _new := NEW;
  _new."updated_at" = NOW();
  RETURN _new;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER "set_public_students_updated_at"
BEFORE UPDATE ON "public"."students"
FOR EACH ROW
EXECUTE PROCEDURE "public"."set_current_timestamp_updated_at"();
COMMENT ON TRIGGER "set_public_students_updated_at" ON "public"."students"
IS 'trigger to set value of column "updated_at" to current timestamp on row update';
`;

export const functions: readonly Shape[] = [
  {
    name: "the console's updated_at, all of it undone",
    before: STUDENTS,
    up: UPDATED_AT,
    down: `DROP TRIGGER IF EXISTS "set_public_students_updated_at" ON "public"."students";
DROP FUNCTION "public"."set_current_timestamp_updated_at"();
ALTER TABLE "public"."students" DROP COLUMN "updated_at";`,
    status: "exact",
  },
  {
    name: "the console's updated_at, its function left behind",
    before: STUDENTS,
    up: UPDATED_AT,
    down: `DROP TRIGGER IF EXISTS "set_public_students_updated_at" ON "public"."students";
ALTER TABLE "public"."students" DROP COLUMN "updated_at";`,
    status: "broken",
    words: [leftBehind("function", "set_current_timestamp_updated_at()")],
  },
  {
    name: "replace the body of a function, and the old one back",
    before: `${STUDENTS}${TOUCH}`,
    up: TOUCH.replace("create", "create or replace").replace("upper", "lower"),
    down: TOUCH.replace("create", "create or replace"),
    status: "exact",
  },
  {
    name: "replace the body of a function, drop it",
    before: `${STUDENTS}${DOUBLE}\n`,
    up: DOUBLE.replace("create", "create or replace").replace("* 2", "+ n"),
    down: "drop function double(integer);",
    status: "broken",
    words: [gone("function", "double(integer)")],
  },
  {
    name: "replace the body of a function, another one back",
    before: `${STUDENTS}${DOUBLE}\n`,
    up: DOUBLE.replace("create", "create or replace").replace("* 2", "+ n"),
    down: DOUBLE.replace("create", "create or replace").replace("* 2", "* 3"),
    status: "broken",
    words: ["double(integer): "],
  },
  {
    name: "replace a function, back without what it promised",
    before: `${STUDENTS}${DOUBLE}\n`,
    up: DOUBLE.replace("create", "create or replace").replace("immutable", "volatile"),
    down: DOUBLE.replace("create", "create or replace").replace("immutable", "stable strict"),
    status: "broken",
    words: ["double(integer): "],
  },
  {
    name: "a function dropped by other arguments",
    before: STUDENTS,
    up: DOUBLE,
    down: "drop function double(bigint);",
    status: "broken",
    words: [refused("down", "42883")],
  },
  {
    name: "a function of the same name for other arguments, left behind",
    before: `${STUDENTS}${DOUBLE}\n`,
    up: "create function double(n text) returns text language sql immutable as $body$ select n || n; $body$;",
    down: "drop function double(integer);",
    status: "broken",
    words: [gone("function", "double(integer)"), leftBehind("function", "double(text)")],
  },
  {
    name: "a procedure and an aggregate",
    before: STUDENTS,
    up: "create procedure clear_scores() language sql as $$ update students set score = null; $$; create aggregate product(numeric) (sfunc = numeric_mul, stype = numeric, initcond = '1');",
    down: "drop aggregate product(numeric); drop procedure clear_scores();",
    status: "exact",
  },
  {
    name: "an aggregate left behind",
    before: STUDENTS,
    up: "create aggregate product(numeric) (sfunc = numeric_mul, stype = numeric, initcond = '1');",
    down: "do $$ begin null; end $$;",
    status: "broken",
    words: [leftBehind("aggregate", "product(numeric)")],
  },
  {
    name: "a trigger that fires as rows come back",
    before: TOUCHED,
    up: "update students set score = '0' where id = 1;",
    down: "update students set score = '7' where id = 1;",
    status: "lossy",
    words: ["students.name: N of N values differ"],
  },
  {
    name: "switch a trigger off and on",
    before: TOUCHED,
    up: "alter table students disable trigger touch_students;",
    down: "alter table students enable trigger touch_students;",
    status: "exact",
  },
  {
    name: "switch a trigger off, leave it off",
    before: TOUCHED,
    up: "alter table students disable trigger touch_students; update students set score = '8' where id = 1; alter table students enable trigger touch_students;",
    down: "alter table students disable trigger touch_students; update students set score = '7' where id = 1;",
    status: "broken",
    words: ["students.touch_students: "],
  },
  {
    name: "switch a trigger to always, and back to the origin only",
    before: TOUCHED,
    up: "alter table students enable always trigger touch_students;",
    down: "alter table students enable trigger touch_students;",
    status: "exact",
  },
  {
    name: "drop a trigger, bring it back after instead of before",
    before: TOUCHED,
    up: "drop trigger touch_students on students;",
    down: "create trigger touch_students after update on students for each row execute function touch();",
    status: "broken",
    words: ["students.touch_students: "],
  },
  {
    name: "rename a trigger",
    before: TOUCHED,
    up: "alter trigger touch_students on students rename to loud_names;",
    down: "alter trigger loud_names on students rename to touch_students;",
    status: "exact",
  },
  {
    name: "drop a function with the trigger that hangs on it, bring back the function",
    before: TOUCHED,
    up: "drop function touch() cascade;",
    down: TOUCH,
    status: "broken",
    words: [gone("trigger", "students.touch_students")],
  },
  {
    name: "an event trigger",
    before: STUDENTS,
    up: "create function quiet() returns event_trigger language plpgsql as $$ begin null; end $$; create event trigger watch on ddl_command_end execute function quiet();",
    down: "drop event trigger watch; drop function quiet();",
    status: "exact",
  },
  {
    name: "a rule",
    before: STUDENTS,
    up: "create rule keep_students as on delete to students do instead nothing;",
    down: "drop rule keep_students on students;",
    status: "exact",
  },
  {
    name: "a rule left behind",
    before: STUDENTS,
    up: "create rule keep_students as on delete to students do instead nothing;",
    down: "select 1;",
    status: "broken",
    words: [leftBehind("rule", "students.keep_students")],
  },
  {
    name: "a cast and an operator",
    before: STUDENTS,
    up: "create function same(text, integer) returns boolean language sql immutable as $$ select $1 = $2::text; $$; create operator === (function = same, leftarg = text, rightarg = integer);",
    down: "drop operator === (text, integer); drop function same(text, integer);",
    status: "exact",
  },
  {
    name: "a function as owner's, back as caller's",
    before: `${STUDENTS}create function count_students() returns bigint language sql security definer set search_path = public as $$ select count(*) from students; $$;\n`,
    up: "alter function count_students() security invoker;",
    down: "alter function count_students() reset search_path; alter function count_students() security definer;",
    status: "broken",
    words: ["count_students(): "],
  },
  {
    name: "a comment on a function, lost",
    before: `${STUDENTS}${DOUBLE}\ncomment on function double(integer) is 'o dobro';\n`,
    up: "drop function double(integer);",
    down: DOUBLE,
    status: "broken",
    words: [lost("double(integer)", "the comment")],
  },
  {
    name: "another comment on a function",
    before: `${STUDENTS}${DOUBLE}\ncomment on function double(integer) is 'o dobro';\n`,
    up: "comment on function double(integer) is 'duas vezes';",
    down: "comment on function double(integer) is 'dobro';",
    status: "broken",
    words: [changed("double(integer)", "the comment", "o dobro", "dobro")],
  },
];
