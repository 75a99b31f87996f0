import { leftBehind, refused } from "../words.js";
import { createView, widenView } from "./view-recipes.js";
import { named, needing, pick, type Recipe, withTable } from "./world.js";

const createIndex: Recipe = (world, random) => {
  const table = pick(world.tables, random);
  if (table === undefined) return undefined;
  const fresh = named(world, random, `${table.name}_id_index`);
  return {
    name: `create_index_${fresh.name}`,
    up: `CREATE  INDEX "${fresh.name}" on\n  "public"."${table.name}" using btree ("id");`,
    down: `DROP INDEX IF EXISTS "public"."${fresh.name}";`,
    wrong: [
      {
        fault: "another schema",
        down: `DROP INDEX IF EXISTS "public"."${fresh.name}_idx";`,
        status: "broken",
        words: [leftBehind("index", fresh.name)],
      },
      {
        fault: "failing",
        down: `DROP INDEX "public"."${fresh.name}_idx";`,
        status: "broken",
        words: [refused("down", "42704")],
      },
    ],
    next: fresh.world,
  };
};

const uniqueTogether: Recipe = (world, random) => {
  const table = pick(world.tables, random);
  const column = table?.columns.find(({ kind }) => kind === "integer");
  if (table === undefined || column === undefined) return undefined;
  const fresh = named(world, random, `${table.name}_${column.name}_id_key`);
  const alter = `alter table "public"."${table.name}"`;
  return {
    name: `alter_table_public_${table.name}_add_unique_${fresh.name}`,
    up: `${alter} add constraint "${fresh.name}" unique ("${column.name}", "id");`,
    down: `${alter} drop constraint "${fresh.name}";`,
    wrong: [
      {
        fault: "another schema",
        down: `${alter} rename constraint "${fresh.name}" to "${fresh.name}1";`,
        status: "broken",
        words: [leftBehind("constraint", `${table.name}.${fresh.name}1`)],
      },
      {
        fault: "failing",
        down: `${alter} drop constraint "${fresh.name}1";`,
        status: "broken",
        words: [refused("down", "42704")],
      },
    ],
    next: withTable(fresh.world, needing(table, column.name)),
  };
};

const modifyForeignKey: Recipe = (world, random) => {
  const tables = world.tables.filter(({ columns }) =>
    columns.some(({ name }) => name === "parent_id"),
  );
  const table = pick(tables, random);
  if (table === undefined) return undefined;
  const fresh = named(world, random, `${table.name}_fkey`);
  const renamed = `alter table "public"."${table.name}" rename constraint`;
  const find = `(select conname from pg_constraint where conrelid = 'public."${table.name}"'::regclass and contype = 'f')`;
  return {
    name: `set_fk_public_${table.name}_parent_id_${world.named}`,
    up: `do $$ begin execute format('${renamed} %I to "${fresh.name}"', ${find}); end $$;`,
    wrong: [
      {
        fault: "another schema",
        down: `${renamed} "${fresh.name}" to "${fresh.name}_old";`,
        status: "broken",
        words: [leftBehind("constraint", `${table.name}.${fresh.name}_old`)],
      },
    ],
    next: fresh.world,
  };
};

const createFunction: Recipe = (world, random) => {
  const fresh = named(world, random, "calcula_média");
  const name = `"public"."${fresh.name}"`;
  return {
    name: `create_function_${fresh.name}`,
    up: `CREATE OR REPLACE FUNCTION ${name}(total integer)
 RETURNS integer
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  -- média; arredondada
  return total / 2;
end;
$function$;`,
    down: `DROP FUNCTION ${name}(integer);`,
    wrong: [
      {
        fault: "failing",
        down: `DROP FUNCTION ${name}(text);`,
        status: "broken",
        words: [refused("down", "42883")],
      },
      {
        fault: "another schema",
        down: `DROP FUNCTION IF EXISTS ${name}(bigint);`,
        status: "broken",
        words: [leftBehind("function", `${fresh.name}(integer)`)],
      },
    ],
    next: fresh.world,
  };
};

const enumColumn: Recipe = (world, random) => {
  const table = pick(world.tables, random);
  if (table === undefined) return undefined;
  const fresh = named(world, random, "situation");
  const column = `"${fresh.name}_value"`;
  const drop = `alter table "public"."${table.name}" drop column ${column};`;
  return {
    name: `create_type_${fresh.name}`,
    up: `CREATE TYPE "public"."${fresh.name}" AS ENUM ('aberta', 'concluída', 'payé');\nalter table "public"."${table.name}" add column ${column} "public"."${fresh.name}" not null default 'aberta';`,
    down: `${drop}\nDROP TYPE "public"."${fresh.name}";`,
    wrong: [
      {
        fault: "another schema",
        down: drop,
        status: "broken",
        words: [leftBehind("enum", fresh.name)],
      },
      {
        fault: "failing",
        down: `DROP TYPE "public"."${fresh.name}";\n${drop}`,
        status: "broken",
        words: [refused("down", "2BP01")],
      },
      {
        fault: "another schema",
        down: `alter table "public"."${table.name}" alter column ${column} drop not null;`,
        status: "broken",
        words: [leftBehind("column", `${table.name}.${fresh.name}_value`)],
      },
    ],
    next: withTable(fresh.world, {
      ...table,
      columns: [...table.columns, { name: `${fresh.name}_value`, kind: "text", needed: true }],
    }),
  };
};

const createSequence: Recipe = (world, random) => {
  const fresh = named(world, random, "numero_seq");
  return {
    name: `create_sequence_${fresh.name}`,
    up: `CREATE SEQUENCE IF NOT EXISTS "public"."${fresh.name}" START 1000;`,
    down: `DROP SEQUENCE "public"."${fresh.name}";`,
    wrong: [
      {
        fault: "another schema",
        down: `ALTER SEQUENCE "public"."${fresh.name}" RESTART;`,
        status: "broken",
        words: [leftBehind("sequence", fresh.name)],
      },
    ],
    next: fresh.world,
  };
};

const createExtension: Recipe = (world) => {
  const name = ["citext", "hstore"].find((each) => !world.functions.includes(each));
  if (name === undefined || world.tables.length < 3) return undefined;
  return {
    name: `create_extension_${name}`,
    up: `CREATE EXTENSION IF NOT EXISTS ${name};`,
    down: `DROP EXTENSION ${name};`,
    wrong: [
      {
        fault: "another schema",
        down: `COMMENT ON EXTENSION ${name} IS NULL;`,
        status: "broken",
        words: [leftBehind("extension", name)],
      },
    ],
    next: { ...world, functions: [...world.functions, name] },
  };
};

/** What people write by hand: views, functions, types, indexes and the like. */
export const objectRecipes: readonly Recipe[] = [
  createIndex,
  uniqueTogether,
  modifyForeignKey,
  createView,
  widenView,
  createFunction,
  enumColumn,
  createSequence,
  createExtension,
];
