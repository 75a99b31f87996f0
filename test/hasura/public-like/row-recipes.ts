import { refused, rowsAdded, rowsGone, valuesDiffer } from "../words.js";
import { type Column, isTouched, named, needing, pick, type Recipe, withTable } from "./world.js";

/** Far from what a sequence or a seed gives. */
const FIRST_ID = 900_000;

const insertRow: Recipe = (world, random) => {
  // A row of a child table may come to need a row of its parent, which then cannot be deleted.
  const table = pick(
    world.tables.filter(({ columns, needed }) => !needed && columns.some(isName)),
    random,
  );
  if (table === undefined) return undefined;
  const fresh = named(world, random);
  const id = FIRST_ID + world.named;
  return {
    name: `insert_into_${table.name}_${id}`,
    up: `INSERT INTO "public"."${table.name}"("id", "name") VALUES (${id}, E'Ação nº ${id}');`,
    down: `DELETE FROM "public"."${table.name}" WHERE "id" = ${id};`,
    wrong: [
      {
        fault: "rows",
        down: `DELETE FROM "public"."${table.name}" WHERE "id" = ${id + 1_000_000};`,
        status: "lossy",
        words: [rowsAdded(table.name), "after the down, the up fails: duplicate key value"],
      },
      {
        fault: "failing",
        down: `DELETE FROM "public"."${table.name}"("id", "name") VALUES (${id}, E'Ação nº ${id}');`,
        status: "broken",
        words: [refused("down", "42601")],
      },
    ],
    next: withTable(fresh.world, { ...needing(table, "name"), rows: [...table.rows, id] }),
  };
};

const updateRows: Recipe = (world, random) => {
  const table = pick(
    world.tables.filter(({ rows }) => rows.length > 0),
    random,
  );
  if (table === undefined) return undefined;
  return {
    name: `update_${table.name}_${world.named}`,
    up: `UPDATE "public"."${table.name}" SET "name" = "name" || ' *';`,
    wrong: [
      {
        fault: "rows",
        down: `UPDATE "public"."${table.name}" SET "name" = "name";`,
        status: "lossy",
        words: [valuesDiffer(`${table.name}.name`)],
      },
    ],
    next: { ...world, named: world.named + 1 },
  };
};

const updateAndBack: Recipe = (world, random) => {
  const table = pick(
    world.tables.filter((each) => each.rows.length > 0 && !isTouched(each)),
    random,
  );
  if (table === undefined) return undefined;
  const name = `"public"."${table.name}"`;
  return {
    name: `update_${table.name}_${world.named}`,
    up: `UPDATE ${name} SET "name" = 'x' || "name";`,
    down: `UPDATE ${name} SET "name" = substr("name", 2);`,
    wrong: [],
    next: { ...world, named: world.named + 1 },
  };
};

const deleteRow: Recipe = (world, random) => {
  const table = pick(
    world.tables.filter(({ needed, rows }) => !needed && rows.length > 1),
    random,
  );
  const id = table && pick(table.rows, random);
  if (table === undefined || id === undefined) return undefined;
  return {
    name: `delete_from_${table.name}_${id}`,
    up: `DELETE FROM "public"."${table.name}" WHERE "id" = ${id};`,
    wrong: [
      {
        fault: "rows",
        down: "SELECT 1;",
        status: "lossy",
        words: [rowsGone(table.name)],
      },
    ],
    next: withTable(world, { ...table, rows: table.rows.filter((each) => each !== id) }),
  };
};

function isName({ name }: Column): boolean {
  return name === "name";
}

/** Rows that come and go with migrations. */
export const rowRecipes: readonly Recipe[] = [insertRow, updateRows, updateAndBack, deleteRow];
