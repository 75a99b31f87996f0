import { becameNull, lost, valuesDiffer } from "../words.js";
import type { Shape } from "./shape.js";

const SCORES = `create table students (id serial primary key, name text not null, score text not null);
insert into students (name, score) values ('Ana', '7'), ('Bia', '007'), ('Caio', '1e1'), ('Davi', ' 8 '), ('Eva', '9.50'), ('Iara', '10');
`;

const CAST_SCORES = `alter table "public"."students" add column "score_decimal" numeric null;
UPDATE students SET score_decimal = CAST(score AS decimal);
alter table "public"."students" rename column "score" to "score_text";
alter table "public"."students" rename column "score_decimal" to "score";
alter table "public"."students" drop column "score_text";
`;

/** The walkthrough: scores that are text become numbers, by five statements. */
export const scores: readonly Shape[] = [
  {
    name: "scores become numbers, the obvious down",
    before: SCORES,
    up: CAST_SCORES,
    down: `alter table "public"."students" add column "score_text" text;
alter table "public"."students" rename column "score" to "score_decimal";
alter table "public"."students" rename column "score_text" to "score";
alter table "public"."students" drop column "score_decimal";
`,
    status: "broken",
    words: [lost("students.score", "NOT NULL"), becameNull("students.score")],
  },
  {
    name: "scores become numbers, a right down",
    before: SCORES,
    up: CAST_SCORES,
    down: `alter table "public"."students" rename column "score" to "score_decimal";
alter table "public"."students" add column "score" text;
UPDATE students SET score = score_decimal::text;
alter table "public"."students" alter column "score" set not null;
alter table "public"."students" drop column "score_decimal";
`,
    status: "lossy",
    words: [valuesDiffer("students.score")],
  },
];
