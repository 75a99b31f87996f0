import { STUDENTS } from "./students.js";

/** Migrations that follow each other: each right on its own, and what becomes of them in one file. */
export interface Joined {
  readonly name: string;
  readonly before?: string;
  readonly migrations: readonly { readonly up: string; readonly down: string }[];
  /**
   * `joins`: one file in one transaction does the same. `split`: only in more than one file, or not at all; the reason
   * must name `because`. `differs`: the plain text, joined as Hasura's CLI joins it, fails or means something else,
   * but it can be written so that it does the same.
   */
  readonly squash: "joins" | "split" | "differs";
  readonly because?: string;
  /** SQLSTATE of the ups when the texts are joined as Hasura's CLI does; absent where that succeeds. */
  readonly plainFails?: string;
}

const MOODS = `create type mood as enum ('sad', 'glad');
create table days (id integer primary key, mood mood not null);
insert into days values (1, 'sad');
`;

const DEFERRED = `create table a (id integer primary key);
create table b (id integer primary key, a_id integer references a (id) deferrable initially deferred);
insert into a values (1), (2);
insert into b values (1, 1);
`;

const REBUILT =
  "alter type mood rename to mood_old; create type mood as enum ('sad', 'glad'); alter table days alter mood type mood using mood::text::mood; drop type mood_old;";

const CITY = {
  up: "alter table students add column city text;",
  down: "alter table students drop column city;",
};

const ZIP = {
  up: "alter table students add column zip text;",
  down: "alter table students drop column zip;",
};

export const joined: readonly Joined[] = [
  { name: "two columns", before: STUDENTS, migrations: [CITY, ZIP], squash: "joins" },
  {
    name: "a file without its last semicolon",
    before: STUDENTS,
    migrations: [{ up: CITY.up.slice(0, -1), down: CITY.down }, ZIP],
    squash: "differs",
    plainFails: "42601",
  },
  {
    name: "a file that ends in a comment without a line end",
    before: STUDENTS,
    migrations: [{ up: `${CITY.up} -- cidade`, down: `${CITY.down} -- cidade` }, ZIP],
    squash: "joins",
  },
  {
    name: "a label added, then used",
    before: MOODS,
    migrations: [
      { up: "alter type mood add value 'calm';", down: REBUILT },
      {
        up: "update days set mood = 'calm' where id = 1;",
        down: "update days set mood = 'sad' where id = 1;",
      },
    ],
    squash: "split",
    because: "adds 'calm' to mood",
    plainFails: "55P04",
  },
  {
    name: "an index built beside the traffic",
    before: STUDENTS,
    migrations: [
      CITY,
      {
        up: "create index concurrently students_city on students (city);",
        down: "drop index concurrently students_city;",
      },
    ],
    squash: "split",
    because: "create index concurrently",
    plainFails: "25001",
  },
  {
    name: "checks put off, then the table altered",
    before: DEFERRED,
    migrations: [
      { up: "update b set a_id = 2 where id = 1;", down: "update b set a_id = 1 where id = 1;" },
      { up: "alter table b add column note text;", down: "alter table b drop column note;" },
    ],
    squash: "split",
    because: "55006",
    plainFails: "55006",
  },
  {
    name: "a search path that outlives its file",
    before: `${STUDENTS}create schema sales;\n`,
    migrations: [
      {
        up: "set search_path to sales; create table orders (id integer primary key);",
        down: "drop table sales.orders;",
      },
      { up: "create table books (id integer primary key);", down: "drop table books;" },
    ],
    squash: "differs",
    because: "set search_path",
  },
  {
    name: "transactions of their own",
    before: STUDENTS,
    migrations: [{ up: `begin;\n${CITY.up}\ncommit;`, down: `begin;\n${CITY.down}\ncommit;` }, ZIP],
    squash: "differs",
    because: "begins or ends a transaction",
  },
  {
    name: "a marker that must be the first line",
    before: STUDENTS,
    migrations: [CITY, { up: `-- hasura:no-transaction\n${ZIP.up}`, down: ZIP.down }],
    squash: "differs",
    because: "asks for no transaction",
  },
  {
    name: "now() is one moment in one transaction",
    before: STUDENTS,
    migrations: [
      {
        up: "create table moments (at timestamptz primary key); insert into moments values (now());",
        down: "drop table moments;",
      },
      { up: "insert into moments values (now());", down: "delete from moments where at = now();" },
    ],
    squash: "split",
    because: "23505",
    plainFails: "23505",
  },
];
