import type { RightPair } from "../mutations.js";
import { changed, gone, leftBehind, lost, refused } from "../words.js";

const ACCOUNTS = `create table owners (id integer primary key, name text not null);
insert into owners values (1, 'Ana'), (2, 'João');
create table accounts (
  id integer primary key,
  owner_id integer not null constraint accounts_owner_id_fkey references owners (id) on delete cascade,
  code varchar(12) not null default 'nova',
  balance numeric(10, 2) not null default 0,
  constraint accounts_code_key unique (code),
  constraint accounts_balance_check check (balance >= 0)
);
create index accounts_balance_idx on accounts (balance desc) where balance > 100;
comment on column accounts.balance is 'saldo';
comment on table accounts is 'contas';
insert into accounts values (1, 1, 'a1', 10.25), (2, 1, 'a2', 250), (3, 2, 'b1', 0);
`;

/** Constraints, indexes, types, defaults and comments. */
export const schemaPairs: readonly RightPair[] = [
  {
    name: "a column's rules dropped and restored",
    before: ACCOUNTS,
    up: "alter table accounts alter code drop not null, alter code drop default, alter code type text;",
    down: "alter table accounts alter code type varchar(12), alter code set default 'nova', alter code set not null;",
    mutations: [
      {
        name: "NOT NULL is lost",
        from: ", alter code set not null",
        to: "",
        status: "broken",
        words: [lost("accounts.code", "NOT NULL")],
      },
      {
        name: "the default is lost",
        from: " alter code set default 'nova',",
        to: "",
        status: "broken",
        words: [lost("accounts.code", "the default")],
      },
      {
        name: "another default",
        from: "'nova'",
        to: "'Nova'",
        status: "broken",
        words: [
          changed(
            "accounts.code",
            "the default",
            "'nova'::character varying",
            "'Nova'::character varying",
          ),
        ],
      },
      {
        name: "another length",
        from: "varchar(12)",
        to: "varchar(21)",
        status: "broken",
        words: [
          changed("accounts.code", "the type", "character varying(12)", "character varying(21)"),
        ],
      },
      {
        name: "a fixed length",
        from: "varchar(12)",
        to: "char(12)",
        status: "broken",
        words: [changed("accounts.code", "the type", "character varying(12)", "character(12)")],
      },
    ],
  },
  {
    name: "an amount widened and narrowed",
    before: ACCOUNTS,
    up: "alter table accounts alter balance type numeric(12, 4);",
    down: "alter table accounts alter balance type numeric(10, 2);",
    mutations: [
      {
        name: "another precision",
        from: "(10, 2)",
        to: "(11, 2)",
        status: "broken",
        words: [changed("accounts.balance", "the type", "numeric(10,2)", "numeric(11,2)")],
      },
      {
        name: "another scale",
        from: "(10, 2)",
        to: "(10, 3)",
        status: "broken",
        words: [changed("accounts.balance", "the type", "numeric(10,2)", "numeric(10,3)")],
      },
      {
        name: "a statement that is not closed",
        from: "(10, 2);",
        to: "(10, 2;",
        status: "broken",
        words: [refused("down", "42601")],
      },
    ],
  },
  {
    name: "a unique constraint dropped and restored",
    before: ACCOUNTS,
    up: "alter table accounts drop constraint accounts_code_key;",
    down: "alter table accounts add constraint accounts_code_key unique (code);",
    mutations: [
      {
        name: "renamed",
        from: "accounts_code_key",
        to: "accounts_code_key1",
        status: "broken",
        words: [
          gone("constraint", "accounts.accounts_code_key"),
          leftBehind("constraint", "accounts.accounts_code_key1"),
        ],
      },
      {
        name: "over another column too",
        from: "(code)",
        to: "(code, id)",
        status: "broken",
        words: [
          changed(
            "accounts.accounts_code_key",
            "the definition",
            "UNIQUE (code)",
            "UNIQUE (code, id)",
          ),
        ],
      },
      {
        name: "deferrable",
        from: "(code)",
        to: "(code) deferrable",
        status: "broken",
        words: ["accounts.accounts_code_key: "],
      },
    ],
  },
  {
    name: "a check and a foreign key dropped and restored",
    before: ACCOUNTS,
    up: "alter table accounts drop constraint accounts_balance_check, drop constraint accounts_owner_id_fkey;",
    down: "alter table accounts add constraint accounts_balance_check check (balance >= 0);\nalter table accounts add constraint accounts_owner_id_fkey foreign key (owner_id) references owners (id) on delete cascade;",
    mutations: [
      {
        name: "the check is missing",
        from: "alter table accounts add constraint accounts_balance_check check (balance >= 0);",
        to: "",
        status: "broken",
        words: [gone("constraint", "accounts.accounts_balance_check")],
      },
      {
        name: "the check lets less pass",
        from: ">= 0",
        to: ">= 0.0",
        status: "broken",
        words: ["accounts.accounts_balance_check: "],
      },
      {
        name: "the check is not validated",
        from: "(balance >= 0)",
        to: "(balance >= 0) not valid",
        status: "broken",
        words: ["accounts.accounts_balance_check: "],
      },
      {
        name: "the foreign key forgets what to do on deletion",
        from: " on delete cascade",
        to: "",
        status: "broken",
        words: ["accounts.accounts_owner_id_fkey: "],
      },
      {
        name: "the foreign key is the check's",
        from: "foreign key (owner_id) references owners (id) on delete cascade",
        to: "check (owner_id > 0)",
        status: "broken",
        words: ["accounts.accounts_owner_id_fkey: "],
      },
    ],
  },
  {
    name: "an index dropped and restored",
    before: ACCOUNTS,
    up: "drop index accounts_balance_idx;",
    down: "create index accounts_balance_idx on accounts (balance desc) where balance > 100;",
    mutations: [
      {
        name: "renamed",
        from: "accounts_balance_idx",
        to: "accounts_balance_index",
        status: "broken",
        words: [
          gone("index", "accounts_balance_idx"),
          leftBehind("index", "accounts_balance_index"),
        ],
      },
      {
        name: "the other way round",
        from: " desc",
        to: "",
        status: "broken",
        words: ["accounts_balance_idx: "],
      },
      {
        name: "for all rows",
        from: " where balance > 100",
        to: "",
        status: "broken",
        words: ["accounts_balance_idx: "],
      },
      {
        name: "unique",
        from: "create index",
        to: "create unique index",
        status: "broken",
        words: ["accounts_balance_idx: "],
      },
    ],
  },
  {
    name: "comments changed and restored",
    before: ACCOUNTS,
    up: "comment on column accounts.balance is null; comment on table accounts is 'as contas';",
    down: "comment on column accounts.balance is 'saldo';\ncomment on table accounts is 'contas';",
    mutations: [
      {
        name: "one is lost",
        from: "comment on column accounts.balance is 'saldo';",
        to: "",
        status: "broken",
        words: [lost("accounts.balance", "the comment")],
      },
      {
        name: "one has another letter",
        from: "'contas'",
        to: "'Contas'",
        status: "broken",
        words: [changed("accounts", "the comment", "contas", "Contas")],
      },
    ],
  },
];
