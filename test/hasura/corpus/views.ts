import { gone, leftBehind, lost, refused } from "../words.js";
import type { Shape } from "./shape.js";
import { STUDENTS } from "./students.js";

const VIEWED = `${STUDENTS}create view names as select id, name from students;\n`;

const SUMMED = `${STUDENTS}create materialized view scored as select id, score from students where score is not null;
create unique index scored_id on scored (id);
`;

export const views: readonly Shape[] = [
  {
    name: "a view",
    before: STUDENTS,
    up: `CREATE OR REPLACE VIEW "public"."names" AS 
 SELECT students.id,
    students.name
   FROM students;`,
    down: `DROP VIEW "public"."names";`,
    status: "exact",
  },
  {
    name: "a view with one column more, replaced back",
    before: VIEWED,
    up: "create or replace view names as select id, name, score from students;",
    down: "create or replace view names as select id, name from students;",
    status: "broken",
    words: [refused("down", "42P16")],
  },
  {
    name: "a view with one column more, made anew",
    before: VIEWED,
    up: "create or replace view names as select id, name, score from students;",
    down: "drop view names; create view names as select id, name from students;",
    status: "exact",
  },
  {
    name: "a view with a condition, which stays",
    before: VIEWED,
    up: "create or replace view names as select id, name from students where id > 1;",
    down: "create or replace view names as select id, name from students where id > 0;",
    status: "broken",
    words: ["names: "],
  },
  {
    name: "a view with columns in another order",
    before: VIEWED,
    up: "drop view names;",
    down: "create view names as select name, id from students;",
    status: "broken",
    words: ["names: "],
  },
  {
    name: "drop a column that a view reads",
    before: `${STUDENTS}create view scores as select score from students;\n`,
    up: "alter table students drop column score;",
    down: "alter table students add column score text;",
    status: "broken",
    words: [refused("up", "2BP01")],
  },
  {
    name: "drop a column that a view reads, with the view",
    before: `${STUDENTS}create view scores as select score from students;\n`,
    up: `alter table "public"."students" drop column "score" cascade;`,
    down: `alter table "public"."students" add column "score" text;`,
    status: "broken",
    words: [gone("view", "scores")],
  },
  {
    name: "change a type that a view reads",
    before: VIEWED,
    up: "alter table students alter column name type varchar(80);",
    down: "alter table students alter column name type text;",
    status: "broken",
    words: [refused("up", "0A000")],
  },
  {
    name: "a view that keeps its secrets, made anew without",
    before: `${STUDENTS}create view names with (security_barrier = true) as select id, name from students;\n`,
    up: "drop view names;",
    down: "create view names as select id, name from students;",
    status: "broken",
    words: ["names: "],
  },
  {
    name: "a view made anew without its comment",
    before: `${VIEWED}comment on view names is 'nomes';\n`,
    up: "drop view names; create view names as select id, name, score from students;",
    down: "drop view names; create view names as select id, name from students;",
    status: "broken",
    words: [lost("names", "the comment")],
  },
  {
    name: "a view over a view",
    before: VIEWED,
    up: "create view loud as select upper(name) as name from names;",
    down: "drop view loud;",
    status: "exact",
  },
  {
    name: "a view with a trigger in its place",
    before: VIEWED,
    up: "create function no_insert() returns trigger language plpgsql as $$ begin return null; end; $$; create trigger no_insert instead of insert on names for each row execute function no_insert();",
    down: "drop trigger no_insert on names; drop function no_insert();",
    status: "exact",
  },
  {
    name: "a recursive view and one with a check, one left behind",
    before: STUDENTS,
    up: "create recursive view numbers (n) as values (1) union all select n + 1 from numbers where n < 9; create view first as select * from students where id = 1 with local check option;",
    down: "drop view numbers;",
    status: "broken",
    words: [leftBehind("view", "first")],
  },
  {
    name: "a materialized view",
    before: STUDENTS,
    up: "create materialized view scored as select id, score from students where score is not null; create unique index scored_id on scored (id);",
    down: "drop materialized view scored;",
    status: "exact",
  },
  {
    name: "a materialized view made anew without its index",
    before: SUMMED,
    up: "drop materialized view scored;",
    down: "create materialized view scored as select id, score from students where score is not null;",
    status: "broken",
    words: [gone("index", "scored_id")],
  },
  {
    name: "a materialized view made anew with no data",
    before: SUMMED,
    up: "drop materialized view scored;",
    down: "create materialized view scored as select id, score from students where score is not null with no data; create unique index scored_id on scored (id);",
    status: "broken",
    words: ["scored: "],
  },
  {
    name: "fill a materialized view again",
    before: SUMMED,
    up: "refresh materialized view scored;",
    down: "refresh materialized view scored;",
    status: "exact",
  },
];
