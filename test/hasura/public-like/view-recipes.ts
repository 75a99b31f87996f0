import { gone, leftBehind, refused } from "../words.js";
import { named, pick, type Recipe, withTable } from "./world.js";

export const createView: Recipe = (world, random) => {
  const table = pick(world.tables, random);
  if (table === undefined) return undefined;
  const fresh = named(world, random, "view");
  const views = [...world.views, { name: fresh.name, table: table.name }];
  return {
    name: `create_view_${fresh.name}`,
    up: `CREATE OR REPLACE VIEW "public"."${fresh.name}" AS \n SELECT t.id\n   FROM "public"."${table.name}" t;`,
    down: `DROP VIEW "public"."${fresh.name}";`,
    wrong: [
      {
        fault: "another schema",
        down: `-- Could not auto-generate a down migration.\n-- Please write an appropriate down migration for the SQL below:\n-- CREATE OR REPLACE VIEW "public"."${fresh.name}" AS\nSELECT t.id FROM "public"."${table.name}" t;`,
        status: "broken",
        words: [leftBehind("view", fresh.name)],
      },
      {
        fault: "failing",
        down: `DROP TABLE "public"."${fresh.name}";`,
        status: "broken",
        words: [refused("down", "42809")],
      },
    ],
    next: withTable({ ...fresh.world, views }, { ...table, needed: true }),
  };
};

export const widenView: Recipe = (world, random) => {
  const view = pick(world.views, random);
  if (view === undefined) return undefined;
  const views = world.views.filter(({ name }) => name !== view.name);
  const head = `CREATE OR REPLACE VIEW "public"."${view.name}" AS\n SELECT t.id`;
  const tail = `\n   FROM "public"."${view.table}" t;`;
  return {
    name: `replace_view_${view.name}`,
    up: `${head},\n    t.id * 2 AS double${tail}`,
    down: `DROP VIEW "public"."${view.name}";\n${head}${tail}`,
    wrong: [
      {
        fault: "failing",
        down: `${head}${tail}`,
        status: "broken",
        words: [refused("down", "42P16")],
      },
      {
        fault: "another schema",
        down: `DROP VIEW "public"."${view.name}";`,
        status: "broken",
        words: [gone("view", view.name)],
      },
    ],
    next: { ...world, views },
  };
};
