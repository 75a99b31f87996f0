import {
  columnText,
  LABELS,
  type RandomColumn,
  type RandomSchema,
  type RandomTable,
  replaceTable,
  TYPES,
} from "./schema.js";
import { chosen, type Draw, type Made, type Step } from "./step.js";

/** Always possible. */
export function createTable(draw: Draw, schema: RandomSchema): Made {
  const name = `t${schema.named}`;
  const columns = draw.values.map(
    (value, index): RandomColumn => ({
      name: `c${schema.named}_${index}`,
      type: chosen(TYPES, draw.type + index) ?? "text",
      notNull: value % 3 === 0,
      default: value % 4 === 0 ? value : null,
      bound: "free",
    }),
  );
  const table: RandomTable = { name, columns, rows: [], needed: false };
  return {
    name: `create_table_public_${name}`,
    up: [creation(table)],
    down: [`drop table ${name}`],
    inverse: "exact",
    next: { ...schema, tables: [...schema.tables, table], named: schema.named + 1 },
  };
}

const createTableWithKey: Step = (draw, schema) => {
  const parent = chosen(schema.tables, draw.table);
  if (parent === undefined) return undefined;
  const name = `t${schema.named}`;
  const table: RandomTable = {
    name,
    columns: [
      { name: "note", type: "text", notNull: false, default: null, bound: "free" },
      { name: "parent_id", type: "integer", notNull: false, default: null, bound: "constrained" },
    ],
    rows: [],
    needed: false,
  };
  const reference = `alter table ${name} add constraint ${name}_parent_id_fkey foreign key (parent_id) references ${parent.name} (id) on update restrict on delete restrict`;
  const marked = replaceTable(schema, parent.name, { ...parent, needed: true });
  return {
    name: `create_table_public_${name}`,
    up: [creation(table), reference],
    down: [`drop table ${name}`],
    inverse: "exact",
    next: { ...marked, tables: [...marked.tables, table], named: schema.named + 1 },
  };
};

const dropTable: Step = (draw, schema) => {
  const table = chosen(
    schema.tables.filter(
      ({ needed, columns }) => !needed && columns.every(({ bound }) => bound === "free"),
    ),
    draw.table,
  );
  if (table === undefined) return undefined;
  return {
    name: `drop_table_public_${table.name}`,
    up: [`drop table ${table.name}`],
    down: [creation(table)],
    inverse: table.rows.length === 0 ? "exact" : "lossy",
    next: replaceTable(schema, table.name, undefined),
  };
};

const createEnum: Step = (_, schema) => {
  const name = `e${schema.named}`;
  const labels = LABELS.map((label) => `'${label}'`).join(", ");
  return {
    name: `create_type_${name}`,
    up: [`create type ${name} as enum (${labels})`],
    down: [`drop type ${name}`],
    inverse: "exact",
    next: { ...schema, enums: [...schema.enums, name], named: schema.named + 1 },
  };
};

function creation({ name, columns }: RandomTable): string {
  const listed = ["id integer primary key", ...columns.map(columnText)];
  return `create table ${name} (\n  ${listed.join(",\n  ")}\n)`;
}

export const tableSteps: readonly Step[] = [createTable, createTableWithKey, dropTable, createEnum];
