import type { RightPair } from "../mutations.js";
import {
  becameNull,
  changed,
  gone,
  leftBehind,
  moved,
  rowsAdded,
  rowsGone,
  valuesDiffer,
} from "../words.js";

const STOCK = `create table stock (id serial primary key, item text not null, one integer, two integer);
insert into stock (item, one, two) values ('pão', 1, 10), ('café', 2, 20), ('chá', 3, 30);
`;

const PAIRS = `create table pairs (id integer primary key, one text, two text);
insert into pairs values (1), (2);
`;

/** Rows, sequences and the order of columns. */
export const rowPairs: readonly RightPair[] = [
  {
    name: "values kept beside",
    before: STOCK,
    up: "create table kept as select id, one from stock; update stock set one = 0;",
    down: "update stock set one = kept.one from kept where kept.id = stock.id;\ndrop table kept;",
    mutations: [
      {
        name: "one row changed",
        from: "where kept.id = stock.id;",
        to: "where kept.id = stock.id and stock.id <> 3;",
        status: "lossy",
        words: [valuesDiffer("stock.one")],
      },
      {
        name: "each value one too great",
        from: "= kept.one",
        to: "= kept.one + 1",
        status: "lossy",
        words: [valuesDiffer("stock.one")],
      },
      {
        name: "one value absent",
        from: "= kept.one",
        to: "= nullif(kept.one, 2)",
        status: "lossy",
        words: [becameNull("stock.one")],
      },
      {
        name: "into the wrong column",
        from: "set one",
        to: "set two",
        status: "lossy",
        words: [valuesDiffer("stock.one"), valuesDiffer("stock.two")],
      },
      {
        name: "the keeper left behind",
        from: "\ndrop table kept;",
        to: "",
        status: "broken",
        words: [leftBehind("table", "kept")],
      },
    ],
  },
  {
    name: "a column put aside",
    before: STOCK,
    up: "create table kept as select id, two from stock; alter table stock drop column two;",
    down: "alter table stock add column two integer;\nupdate stock set two = kept.two from kept where kept.id = stock.id;\ndrop table kept;",
    mutations: [
      {
        name: "the rows are not restored",
        from: "update stock set two = kept.two from kept where kept.id = stock.id;",
        to: "",
        status: "lossy",
        words: [becameNull("stock.two")],
      },
      {
        name: "another type",
        from: "two integer",
        to: "two bigint",
        status: "broken",
        words: [changed("stock.two", "the type", "integer", "bigint")],
      },
      {
        name: "another name",
        from: "alter table stock add column two integer;\nupdate stock set two",
        to: "alter table stock add column too integer;\nupdate stock set too",
        status: "broken",
        words: [gone("column", "stock.two"), leftBehind("column", "stock.too")],
      },
    ],
  },
  {
    name: "a pair of columns dropped and added",
    before: PAIRS,
    up: "alter table pairs drop column one, drop column two;",
    down: "alter table pairs add column one text, add column two text;",
    mutations: [
      {
        name: "swapped",
        from: "add column one text, add column two text",
        to: "add column two text, add column one text",
        status: "position only",
        words: [moved("pairs.one", 2, 3), moved("pairs.two", 3, 2)],
      },
      {
        name: "filled",
        from: "two text;",
        to: "two text; update pairs set two = '';",
        status: "lossy",
        words: [valuesDiffer("pairs.two")],
      },
    ],
  },
  {
    name: "rows inserted and deleted",
    before: STOCK,
    up: "insert into stock (id, item) values (50, 'água'), (51, 'suco');",
    down: "delete from stock where id in (50, 51);",
    mutations: [
      {
        name: "one stays",
        from: "(50, 51)",
        to: "(50)",
        status: "lossy",
        words: [rowsAdded("stock"), "after the down, the up fails: duplicate key value"],
      },
      {
        name: "one more goes",
        from: "(50, 51)",
        to: "(3, 50, 51)",
        status: "lossy",
        words: [rowsGone("stock")],
      },
    ],
  },
  {
    name: "a sequence set and set back",
    before: STOCK,
    up: "select setval('stock_id_seq', 1000); alter sequence stock_id_seq increment by 10;",
    down: "select setval('stock_id_seq', 3);\nalter sequence stock_id_seq increment by 1;",
    mutations: [
      {
        name: "another value",
        from: "'stock_id_seq', 3",
        to: "'stock_id_seq', 1",
        status: "lossy",
        words: ["stock_id_seq: "],
      },
      {
        name: "another step",
        from: "increment by 1;",
        to: "increment by 2;",
        status: "broken",
        words: [changed("stock_id_seq", "the increment", "1", "2")],
      },
    ],
  },
];
