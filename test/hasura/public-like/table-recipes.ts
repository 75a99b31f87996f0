import { gone, leftBehind, lost, refused } from "../words.js";
import { named, needing, pick, type Recipe, type Table, withTable } from "./world.js";

const COLUMNS = [
  { name: "name", kind: "text", needed: false },
  { name: "quantity", kind: "integer", needed: false },
  { name: "created_at", kind: "timestamptz", needed: false },
  { name: "descrição", kind: "text", needed: false },
] as const;

const createTable: Recipe = (world, random) => {
  const fresh = named(world, random);
  const columns = COLUMNS.slice(0, 1 + Math.floor(random() * COLUMNS.length));
  const table: Table = { name: fresh.name, columns, needed: false, rows: [] };
  const listed = columns.map(({ name, kind }) =>
    name === "created_at" ? `"created_at" timestamptz NOT NULL DEFAULT now()` : `"${name}" ${kind}`,
  );
  return {
    name: `create_table_public_${fresh.name}`,
    up: `CREATE TABLE "public"."${fresh.name}" ("id" serial NOT NULL, ${listed.join(", ")}, PRIMARY KEY ("id") );`,
    down: `DROP TABLE "public"."${fresh.name}";`,
    wrong: [
      {
        fault: "failing",
        down: `DROP TABLE "public"."${fresh.name}s";`,
        status: "broken",
        words: [refused("down", "42P01")],
      },
    ],
    next: withTable(fresh.world, table),
  };
};

const createChildTable: Recipe = (world, random) => {
  const parent = pick(world.tables, random);
  if (parent === undefined) return undefined;
  const fresh = named(world, random);
  const columns = [
    { name: "parent_id", kind: "integer", needed: true },
    { name: "note", kind: "text", needed: false },
  ] as const;
  const child: Table = { name: fresh.name, columns, needed: false, rows: [] };
  const drop = `DROP TABLE "public"."${fresh.name}";`;
  return {
    name: `create_table_public_${fresh.name}`,
    up: `CREATE TABLE "public"."${fresh.name}" ("id" serial NOT NULL, "parent_id" integer, "note" text, PRIMARY KEY ("id") , FOREIGN KEY ("parent_id") REFERENCES "public"."${parent.name}"("id") ON UPDATE restrict ON DELETE restrict); COMMENT ON TABLE "public"."${fresh.name}" IS E'Situação da operação';`,
    down: drop,
    wrong: [
      {
        fault: "failing",
        down: `COMMENT ON TABLE "public"."${fresh.name}" IS NULL\n${drop}`,
        status: "broken",
        words: [refused("down", "42601")],
      },
      {
        fault: "failing",
        down: `DROP TABLE "public"."${parent.name}";`,
        status: "broken",
        words: [refused("down", "2BP01")],
      },
    ],
    next: withTable(withTable(fresh.world, { ...parent, needed: true }), child),
  };
};

const renameTable: Recipe = (world, random) => {
  const table = pick(
    world.tables.filter(({ needed }) => !needed),
    random,
  );
  if (table === undefined) return undefined;
  const fresh = named(world, random);
  const others = world.tables.filter(({ name }) => name !== table.name);
  return {
    name: `rename_table_public_${table.name}`,
    up: `alter table "public"."${table.name}" rename to "${fresh.name}";`,
    down: `alter table "public"."${fresh.name}" rename to "${table.name}";`,
    wrong: [
      {
        fault: "another schema",
        down: `alter table "public"."${fresh.name}" rename to "${table.name}_old";`,
        status: "broken",
        words: [gone("table", table.name), leftBehind("table", `${table.name}_old`)],
      },
      {
        fault: "failing",
        down: `alter table "public"."${table.name}" rename to "${fresh.name}";`,
        status: "broken",
        words: [refused("down", "42P01")],
      },
    ],
    next: { ...fresh.world, tables: [...others, { ...table, name: fresh.name }] },
  };
};

const dropTable: Recipe = (world, random) => {
  const table = pick(
    world.tables.filter(({ needed, rows }) => !needed && rows.length > 0),
    random,
  );
  if (table === undefined || world.tables.length < 6) return undefined;
  const tables = world.tables.filter(({ name }) => name !== table.name);
  return {
    name: `drop_table_public_${table.name}`,
    up: `DROP table "public"."${table.name}";`,
    wrong: [
      {
        fault: "another schema",
        down: `CREATE TABLE "public"."${table.name}" ("identifier" integer);`,
        status: "broken",
        words: [gone("column", `${table.name}.id`)],
      },
    ],
    next: { ...world, tables },
  };
};

const commentOnTable: Recipe = (world, random) => {
  const table = pick(world.tables, random);
  const column = table && pick(table.columns, random);
  if (table === undefined || column === undefined) return undefined;
  const { world: next } = named(world, random);
  const on = `comment on column "public"."${table.name}"."${column.name}" is`;
  return {
    name: `alter_table_public_${table.name}_comment_${column.name}_${world.named}`,
    up: `${on} E'É ${world.named}; ou não';\ncomment on column "public"."${table.name}"."id" is E'id';`,
    wrong: [
      {
        fault: "failing",
        down: `${on} NULL\ncomment on column "public"."${table.name}"."id" is NULL;`,
        status: "broken",
        words: [refused("down", "42601")],
      },
    ],
    next: withTable(next, needing(table, column.name)),
  };
};

const addComment: Recipe = (world, random) => {
  const table = pick(world.tables, random);
  if (table === undefined) return undefined;
  const fresh = named(world, random, "anotação");
  const added = `"public"."${table.name}"."${fresh.name}"`;
  const columns = [...table.columns, { name: fresh.name, kind: "text", needed: true }] as const;
  return {
    name: `alter_table_public_${table.name}_add_column_${fresh.name}`,
    up: `alter table "public"."${table.name}" add column "${fresh.name}" text\n null;\ncomment on column ${added} is E'Última observação';`,
    down: `alter table "public"."${table.name}" drop column "${fresh.name}";`,
    wrong: [
      {
        fault: "another schema",
        down: `comment on column ${added} is NULL;`,
        status: "broken",
        words: [leftBehind("column", `${table.name}.${fresh.name}`)],
      },
      {
        fault: "failing",
        down: `comment on column ${added} is NULL\nalter table "public"."${table.name}" drop column "${fresh.name}";`,
        status: "broken",
        words: [refused("down", "42601")],
      },
    ],
    next: withTable(fresh.world, { ...table, columns }),
  };
};

const loseDefault: Recipe = (world, random) => {
  const table = pick(
    world.tables.filter(({ columns }) => columns.some(({ name }) => name === "created_at")),
    random,
  );
  if (table === undefined) return undefined;
  const alter = `alter table "public"."${table.name}" alter column "created_at" set default`;
  return {
    name: `alter_table_public_${table.name}_alter_column_created_at_${world.named}`,
    up: `${alter} clock_timestamp();`,
    wrong: [
      {
        fault: "another schema",
        down: `ALTER TABLE "public"."${table.name}" ALTER COLUMN "created_at" drop default;`,
        status: "broken",
        words: [lost(`${table.name}.created_at`, "the default")],
      },
    ],
    next: { ...world, named: world.named + 1 },
  };
};

/** What the console does to whole tables. */
export const tableRecipes: readonly Recipe[] = [
  createTable,
  createChildTable,
  renameTable,
  dropTable,
  commentOnTable,
  addComment,
  loseDefault,
];
