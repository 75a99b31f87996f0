import { appeared, gone, halfCommented, leftBehind, lost, moved, refused } from "../words.js";
import { addUpdatedAt } from "./updated-at-recipe.js";
import {
  type Column,
  isTouched,
  named,
  needing,
  pick,
  type Random,
  type Recipe,
  type Table,
  type World,
  withTable,
} from "./world.js";

const addColumn: Recipe = (world, random) => {
  const table = pick(world.tables, random);
  if (table === undefined) return undefined;
  const fresh = named(world, random, pick(["nota", "status", "número", "date_fin"], random));
  const kind = pick(["text", "integer", "timestamptz", "boolean"] as const, random) ?? "text";
  const alter = `alter table "public"."${table.name}"`;
  const up = `${alter} add column "${fresh.name}" ${kind}\n null;`;
  return {
    name: `alter_table_public_${table.name}_add_column_${fresh.name}`,
    up,
    down: `${alter} drop column "${fresh.name}";`,
    wrong: [
      {
        fault: "failing",
        down: `-- Could not auto-generate a down migration.\n-- Please write an appropriate down migration for the SQL below:\n-- ${up}`,
        status: "broken",
        words: [halfCommented("down"), refused("down", "42601")],
      },
      {
        fault: "failing",
        down: `${alter} drop column "${fresh.name}_id";`,
        status: "broken",
        words: [refused("down", "42703")],
      },
      {
        fault: "another schema",
        down: `${alter} alter column "${fresh.name}" drop not null;`,
        status: "broken",
        words: [leftBehind("column", `${table.name}.${fresh.name}`)],
      },
    ],
    next: withTable(fresh.world, {
      ...table,
      columns: [...table.columns, { name: fresh.name, kind, needed: false }],
    }),
  };
};

const renameColumn: Recipe = (world, random) => {
  const chosen = freeColumn(world, random);
  if (chosen === undefined) return undefined;
  const { table, column } = chosen;
  const fresh = named(world, random, "renamed");
  const alter = `alter table "public"."${table.name}" rename column`;
  const columns = table.columns.map((each) =>
    each.name === column.name ? { ...each, name: fresh.name } : each,
  );
  return {
    name: `alter_table_public_${table.name}_alter_column_${column.name}`,
    up: `${alter} "${column.name}" to "${fresh.name}";`,
    down: `${alter} "${fresh.name}" to "${column.name}";`,
    wrong: [
      {
        fault: "failing",
        down: `${alter} "${column.name}" to "${fresh.name}";`,
        status: "broken",
        words: [refused("down", "42703")],
      },
      {
        fault: "another schema",
        down: `${alter} "${fresh.name}" to "${column.name}_2";`,
        status: "broken",
        words: [
          gone("column", `${table.name}.${column.name}`),
          leftBehind("column", `${table.name}.${column.name}_2`),
        ],
      },
    ],
    next: withTable(fresh.world, { ...table, columns }),
  };
};

const dropColumn: Recipe = (world, random) => {
  const chosen = freeColumn(world, random);
  if (chosen === undefined || chosen.table.columns.length < 3) return undefined;
  const { table, column } = chosen;
  const alter = `alter table "public"."${table.name}"`;
  const columns = table.columns.filter(({ name }) => name !== column.name);
  return {
    name: `alter_table_public_${table.name}_drop_column_${column.name}`,
    up: `${alter} drop column "${column.name}" cascade;`,
    wrong: [
      {
        fault: "failing",
        down: `${alter} alter column "${column.name}" drop not null;\n${alter} add column "${column.name}" ${column.kind};`,
        status: "broken",
        words: [refused("down", "42703")],
      },
      {
        fault: "another schema",
        down: `${alter} add column "${column.name}_" ${column.kind};`,
        status: "broken",
        words: [
          gone("column", `${table.name}.${column.name}`),
          leftBehind("column", `${table.name}.${column.name}_`),
        ],
      },
    ],
    next: withTable(world, { ...table, columns }),
  };
};

const copyColumn: Recipe = (world, random) => {
  const chosen = freeColumn(world, random, "text");
  if (chosen === undefined) return undefined;
  const { table, column } = chosen;
  const at = table.columns.findIndex(({ name }) => name === column.name);
  if (at === table.columns.length - 1 || isTouched(table)) return undefined;
  const copied = copying(table.name, column.name, world.named);
  const columns = [...table.columns.filter((_, index) => index !== at), column];
  const last = table.columns.length + 1;
  return {
    name: `alter_table_public_${table.name}_alter_column_${column.name}_type_${world.named}`,
    up: copied,
    wrong: [
      {
        fault: "position",
        down: copied,
        status: "position only",
        words: [moved(`${table.name}.${column.name}`, at + 2, last)],
      },
    ],
    next: withTable({ ...world, named: world.named + 1 }, { ...table, columns }),
  };
};

const requireColumn: Recipe = (world, random) => {
  const table = pick(world.tables, random);
  if (table === undefined) return undefined;
  const fresh = named(world, random, "required");
  const alter = `alter table "public"."${table.name}"`;
  const column: Column = { name: fresh.name, kind: "boolean", needed: false };
  return {
    name: `alter_table_public_${table.name}_add_column_${fresh.name}`,
    up: `${alter} add column "${fresh.name}" boolean\n not null default 'false';`,
    down: `${alter} drop column "${fresh.name}";`,
    wrong: [],
    next: withTable(fresh.world, { ...table, columns: [...table.columns, column] }),
  };
};

const dropRequired: Recipe = (world, random) => {
  const table = pick(
    world.tables.filter(({ columns }) => columns.some(({ name }) => name.startsWith("required_"))),
    random,
  );
  const column = table?.columns.find(({ name }) => name.startsWith("required_"));
  if (table === undefined || column === undefined) return undefined;
  const alter = `alter table "public"."${table.name}"`;
  const free = named(world, random, "optional");
  return {
    name: `alter_table_public_${table.name}_alter_column_${column.name}`,
    up: `${alter} rename column "${column.name}" to "${free.name}";\n${alter} alter column "${free.name}" drop not null;`,
    wrong: [
      {
        fault: "another schema",
        down: `${alter} rename column "${free.name}" to "${column.name}";`,
        status: "broken",
        words: [lost(`${table.name}.${column.name}`, "NOT NULL")],
      },
    ],
    next: withTable(free.world, {
      ...table,
      columns: table.columns.map((each) =>
        each.name === column.name ? { ...each, name: free.name } : each,
      ),
    }),
  };
};

const addDefault: Recipe = (world, random) => {
  const chosen = freeColumn(world, random, "integer");
  if (chosen === undefined) return undefined;
  const { table, column } = chosen;
  const alter = `alter table "public"."${table.name}" alter column "${column.name}"`;
  return {
    name: `alter_table_public_${table.name}_alter_column_${column.name}_default`,
    up: `${alter} set default '0';`,
    down: `${alter} drop default;`,
    wrong: [
      {
        fault: "another schema",
        down: `${alter} set default '1';`,
        status: "broken",
        words: [appeared(`${table.name}.${column.name}`, "the default")],
      },
    ],
    next: withTable(world, needing(table, column.name)),
  };
};

function freeColumn(
  world: World,
  random: Random,
  kind?: Column["kind"],
): { readonly table: Table; readonly column: Column } | undefined {
  const isFree = (column: Column) =>
    !column.needed &&
    (kind === undefined || column.kind === kind) &&
    !["created_at", "name"].includes(column.name) &&
    !column.name.startsWith("required_");
  const table = pick(
    world.tables.filter(({ columns }) => columns.some(isFree)),
    random,
  );
  const column = table && pick(table.columns.filter(isFree), random);
  return table && column && { table, column };
}

function copying(table: string, column: string, number: number): string {
  const alter = `alter table "public"."${table}"`;
  return `${alter} add column "copy_${number}" text;
UPDATE "public"."${table}" SET "copy_${number}" = "${column}";
${alter} drop column "${column}";
${alter} rename column "copy_${number}" to "${column}";`;
}

/** What the console does to columns. */
export const columnRecipes: readonly Recipe[] = [
  addColumn,
  renameColumn,
  dropColumn,
  copyColumn,
  addUpdatedAt,
  requireColumn,
  dropRequired,
  addDefault,
];
