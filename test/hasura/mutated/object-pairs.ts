import type { RightPair } from "../mutations.js";
import { changed, gone, leftBehind, lost } from "../words.js";

const GUARDED = `do $$ begin if not exists (select from pg_roles where rolname = 'corpus_reader') then create role corpus_reader; end if; end $$;
create type mood as enum ('sad', 'ok', 'glad');
create table days (id integer primary key, mood mood not null default 'ok', note text);
insert into days values (1, 'sad', 'a'), (2, 'glad', null);
create function shout() returns trigger language plpgsql as $$ begin new.note := upper(new.note); return new; end; $$;
create trigger shout before update on days for each row execute function shout();
alter table days enable row level security;
create policy sad_ones on days for select to corpus_reader using (mood = 'sad');
grant select, update on days to corpus_reader;
create view notes as select id, note from days;
`;

/** Policies, grants, triggers, functions, views and enums. */
export const objectPairs: readonly RightPair[] = [
  {
    name: "a policy and row level security",
    before: GUARDED,
    up: "drop policy sad_ones on days; alter table days disable row level security;",
    down: "alter table days enable row level security;\ncreate policy sad_ones on days for select to corpus_reader using (mood = 'sad');",
    mutations: [
      {
        name: "the policy is lost",
        from: "create policy sad_ones on days for select to corpus_reader using (mood = 'sad');",
        to: "",
        status: "broken",
        words: [gone("policy", "days.sad_ones")],
      },
      {
        name: "the security is lost",
        from: "alter table days enable row level security;",
        to: "",
        status: "broken",
        words: ["days: "],
      },
      {
        name: "the policy lets others pass",
        from: "'sad'",
        to: "'glad'",
        status: "broken",
        words: ["days.sad_ones: "],
      },
      {
        name: "the policy is for everyone",
        from: " to corpus_reader",
        to: "",
        status: "broken",
        words: ["days.sad_ones: "],
      },
      {
        name: "the policy is for everything",
        from: " for select",
        to: "",
        status: "broken",
        words: ["days.sad_ones: "],
      },
    ],
  },
  {
    name: "grants",
    before: GUARDED,
    up: "revoke all on days from corpus_reader;",
    down: "grant select, update on days to corpus_reader;",
    mutations: [
      {
        name: "one is lost",
        from: "select, update",
        to: "select",
        status: "broken",
        words: ["days: "],
      },
      {
        name: "one is on a column only",
        from: "select, update on",
        to: "select, update (note) on",
        status: "broken",
        words: ["days"],
      },
      {
        name: "one may be handed on",
        from: "corpus_reader;",
        to: "corpus_reader with grant option;",
        status: "broken",
        words: ["days: "],
      },
    ],
  },
  {
    name: "a trigger switched off for an update",
    before: GUARDED,
    up: "alter table days disable trigger shout; update days set note = 'b' where id = 1; alter table days enable trigger shout;",
    down: "alter table days disable trigger shout;\nupdate days set note = 'a' where id = 1;\nalter table days enable trigger shout;",
    mutations: [
      {
        name: "it stays off",
        from: "\nalter table days enable trigger shout;",
        to: "",
        status: "broken",
        words: ["days.shout: "],
      },
      {
        name: "it fires always",
        from: "enable trigger",
        to: "enable always trigger",
        status: "broken",
        words: ["days.shout: "],
      },
      {
        name: "it changes the row that comes back",
        from: "alter table days disable trigger shout;\n",
        to: "",
        status: "lossy",
        words: ["days.note: N of N values differ"],
      },
    ],
  },
  {
    name: "a function and its trigger",
    before: GUARDED,
    up: "drop function shout() cascade;",
    down: "create function shout() returns trigger language plpgsql as $$ begin new.note := upper(new.note); return new; end; $$;\ncreate trigger shout before update on days for each row execute function shout();",
    mutations: [
      {
        name: "the trigger is lost",
        from: "create trigger shout before update on days for each row execute function shout();",
        to: "",
        status: "broken",
        words: [gone("trigger", "days.shout")],
      },
      {
        name: "the trigger fires at another time",
        from: "before update",
        to: "before insert",
        status: "broken",
        words: ["days.shout: "],
      },
      {
        name: "the body differs",
        from: "upper(",
        to: "lower(",
        status: "broken",
        words: ["shout(): "],
      },
    ],
  },
  {
    name: "a view dropped and restored",
    before: GUARDED,
    up: "drop view notes;",
    down: "create view notes as select id, note from days;",
    mutations: [
      {
        name: "it shows less",
        from: "from days",
        to: "from days where id > 0",
        status: "broken",
        words: ["notes: "],
      },
      {
        name: "a pair of its columns is swapped",
        from: "id, note",
        to: "note, id",
        status: "broken",
        words: ["notes: "],
      },
      {
        name: "it is a materialized one",
        from: "create view",
        to: "create materialized view",
        status: "broken",
        words: [gone("view", "notes"), leftBehind("materialized view", "notes")],
      },
    ],
  },
  {
    name: "an enum with one label more",
    before: GUARDED.replace(/create view.*\n/, "").replace(/create policy.*\n/, ""),
    up: "alter type mood add value 'elated';",
    down: `alter table days alter mood drop default;
alter type mood rename to mood_old;
create type mood as enum ('sad', 'ok', 'glad');
alter table days alter mood type mood using mood::text::mood;
alter table days alter mood set default 'ok';
drop type mood_old;`,
    mutations: [
      {
        name: "in another order",
        from: "'sad', 'ok', 'glad'",
        to: "'ok', 'sad', 'glad'",
        status: "broken",
        words: [changed("mood", "the labels", "sad, ok, glad", "ok, sad, glad")],
      },
      {
        name: "with a label that was not there",
        from: "'glad')",
        to: "'glad', 'calm')",
        status: "broken",
        words: [changed("mood", "the labels", "sad, ok, glad", "sad, ok, glad, calm")],
      },
      {
        name: "the old one left behind",
        from: "\ndrop type mood_old;",
        to: "",
        status: "broken",
        words: [leftBehind("enum", "mood_old")],
      },
      {
        name: "the default is lost",
        from: "\nalter table days alter mood set default 'ok';",
        to: "",
        status: "broken",
        words: [lost("days.mood", "the default")],
      },
    ],
  },
];
