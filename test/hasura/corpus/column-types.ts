import { changed, refused, valuesDiffer } from "../words.js";
import type { Shape } from "./shape.js";
import { STUDENTS } from "./students.js";

const table = (type: string, ...values: readonly string[]): string =>
  `create table things (id integer primary key, value ${type});
insert into things values ${values.map((value, index) => `(${index + 1}, ${value})`).join(", ")};
`;

const becomes = (type: string, using?: string): string =>
  `alter table "public"."things" alter column "value" type ${type}${using === undefined ? "" : ` using ${using}`};`;

export const columnTypes: readonly Shape[] = [
  {
    name: "integer to bigint",
    before: table("integer", "1", "-2147483648", "null"),
    up: `ALTER TABLE "public"."things" ALTER COLUMN "value" TYPE int8;`,
    down: `ALTER TABLE "public"."things" ALTER COLUMN "value" TYPE int4;`,
    status: "exact",
  },
  {
    name: "integer to bigint, seeds in it",
    before: "create table things (id integer primary key, value integer);",
    seeds: true,
    up: becomes("bigint"),
    down: becomes("integer"),
    status: "exact",
  },
  {
    name: "integer to smallint, too great a value",
    before: table("integer", "1", "40000"),
    up: becomes("smallint"),
    down: becomes("integer"),
    status: "broken",
    words: [refused("up", "22003")],
  },
  {
    name: "integer to text, and cast back",
    before: table("integer", "1", "-7", "null"),
    up: becomes("text"),
    down: becomes("integer", "value::integer"),
    status: "exact",
  },
  {
    name: "integer to text, not cast back",
    before: table("integer", "1", "-7"),
    up: becomes("text"),
    down: becomes("integer"),
    status: "broken",
    words: [refused("down", "42804")],
  },
  {
    name: "text to numeric, leading zeros and exponents",
    before: table("text", "'007'", "'1e1'", "' 8 '", "'9.50'"),
    up: becomes("numeric", "value::numeric"),
    down: becomes("text", "value::text"),
    status: "lossy",
    words: [valuesDiffer("things.value")],
  },
  {
    name: "text to numeric, no number",
    before: table("text", "'7'", "'seven'"),
    up: becomes("numeric", "value::numeric"),
    down: becomes("text", "value::text"),
    status: "broken",
    words: [refused("up", "22P02")],
  },
  {
    name: "a longer varchar",
    before: table("varchar(10)", "'a'", "'abcdefghij'"),
    up: becomes("varchar(50)"),
    down: becomes("varchar(10)"),
    status: "exact",
  },
  {
    name: "a shorter varchar, cut to fit",
    before: table("varchar(50)", "'abcdefghijklm'", "'a'"),
    up: becomes("varchar(10)", "left(value, 10)"),
    down: becomes("varchar(50)"),
    status: "lossy",
    words: [valuesDiffer("things.value")],
  },
  {
    name: "a longer varchar, another length back",
    before: table("varchar(10)", "'a'"),
    up: becomes("varchar(50)"),
    down: becomes("varchar(20)"),
    status: "broken",
    words: [changed("things.value", "the type", "character varying(10)", "character varying(20)")],
  },
  {
    name: "fewer decimals",
    before: table("numeric(10, 2)", "1.25", "3.00"),
    up: becomes("numeric(10, 1)"),
    down: becomes("numeric(10, 2)"),
    status: "lossy",
    words: [valuesDiffer("things.value")],
  },
  {
    name: "a moment to a day",
    before: table("timestamptz", "'2024-02-29 23:59:59.999999+14'", "'2024-01-01 00:00:00Z'"),
    up: becomes("date", "(value at time zone 'UTC')::date"),
    down: becomes("timestamptz", "value::timestamp at time zone 'UTC'"),
    status: "lossy",
    words: [valuesDiffer("things.value")],
  },
  {
    name: "a moment to one without a zone, in UTC both ways",
    before: table("timestamptz", "'2024-02-29 23:59:59.999999+14'", "'infinity'"),
    up: becomes("timestamp", "value at time zone 'UTC'"),
    down: becomes("timestamptz", "value at time zone 'UTC'"),
    status: "exact",
  },
  {
    name: "json to jsonb",
    before: table("json", `'{"b": 1, "a": 2, "a": 3}'`, "'[1]'"),
    up: becomes("jsonb", "value::jsonb"),
    down: becomes("json", "value::json"),
    status: "lossy",
    words: [valuesDiffer("things.value")],
  },
  {
    name: "text to an array of one",
    before: table("text", "'a,b'", "''"),
    up: becomes("text[]", "array[value]"),
    down: becomes("text", "value[1]"),
    status: "exact",
  },
  {
    name: "boolean to integer",
    before: table("boolean", "true", "false", "null"),
    up: becomes("integer", "value::integer"),
    down: becomes("boolean", "value::boolean"),
    status: "exact",
  },
  {
    name: "text to uuid",
    before: table("text", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"),
    up: becomes("uuid", "value::uuid"),
    down: becomes("text", "value::text"),
    status: "lossy",
    words: [valuesDiffer("things.value")],
  },
  {
    name: "a default that cannot follow the type",
    before:
      "create table things (id integer primary key, value text default 'x');\ninsert into things values (1, '5');\n",
    up: becomes("integer", "value::integer"),
    down: becomes("text"),
    status: "broken",
    words: [refused("up", "42804")],
  },
  {
    name: "another collation",
    before: table("text", "'a'", "'B'"),
    up: becomes(`text collate "C"`),
    down: becomes("text"),
    status: "exact",
  },
  {
    name: "trim and lower, which nothing undoes",
    before: STUDENTS,
    up: "alter table students alter column name type text using lower(trim(name));",
    down: "alter table students alter column name type text;",
    status: "lossy",
    words: [valuesDiffer("students.name")],
  },
];
