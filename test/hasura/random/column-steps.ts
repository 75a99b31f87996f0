import {
  columnText,
  literal,
  type RandomColumn,
  type RandomSchema,
  type RandomTable,
  type RandomType,
  replaceColumn,
  replaceTable,
  TYPES,
  typeText,
  type Value,
} from "./schema.js";
import { chosen, type Draw, type Step } from "./step.js";

const addColumn: Step = (draw, schema) => {
  const table = chosen(schema.tables, draw.table);
  if (table === undefined) return undefined;
  const column = newColumn(draw, schema);
  const rows = table.rows.map((row) => ({
    ...row,
    values: { ...row.values, [column.name]: column.default },
  }));
  const next = { ...table, columns: [...table.columns, column], rows };
  return {
    name: `alter_table_public_${table.name}_add_column_${column.name}`,
    up: [`alter table ${table.name} add column ${columnText(column)}`],
    down: [`alter table ${table.name} drop column ${column.name}`],
    inverse: "exact",
    next: { ...replaceTable(schema, table.name, next), named: schema.named + 1 },
  };
};

const dropColumn: Step = (draw, schema) => {
  const found = freeColumn(draw, schema);
  if (found === undefined) return undefined;
  const { table, column } = found;
  const isFilled = table.rows.some(({ values }) => values[column.name] !== column.default);
  const isLast = table.columns.at(-1) === column;
  if (column.notNull && column.default === null && table.rows.length > 0) return undefined;
  return {
    name: `alter_table_public_${table.name}_drop_column_${column.name}`,
    up: [`alter table ${table.name} drop column ${column.name}`],
    down: [`alter table ${table.name} add column ${columnText(column)}`],
    inverse: isFilled ? "lossy" : isLast ? "exact" : "position",
    next: replaceTable(schema, table.name, replaceColumn(table, column.name, undefined)),
  };
};

const renameColumn: Step = (draw, schema) => {
  const table = chosen(schema.tables, draw.table);
  // The key to another table keeps its name, by which rows leave it absent.
  const others = table?.columns.filter(({ name }) => name !== "parent_id");
  const column = others && chosen(others, draw.column);
  if (table === undefined || column === undefined) return undefined;
  const name = `r${schema.named}`;
  const rows = table.rows.map(({ id, values }) => {
    const { [column.name]: value = null, ...others } = values;
    return { id, values: { ...others, [name]: value } };
  });
  const renamed = replaceColumn(table, column.name, { ...column, name });
  return {
    name: `alter_table_public_${table.name}_alter_column_${column.name}`,
    up: [`alter table ${table.name} rename column ${column.name} to ${name}`],
    down: [`alter table ${table.name} rename column ${name} to ${column.name}`],
    inverse: "exact",
    next: {
      ...replaceTable(schema, table.name, { ...renamed, rows }),
      named: schema.named + 1,
    },
  };
};

const toggleNotNull: Step = (draw, schema) => {
  const found = freeColumn(draw, schema);
  if (found === undefined) return undefined;
  const { table, column } = found;
  const hasNull = table.rows.some(({ values }) => (values[column.name] ?? null) === null);
  if (!column.notNull && hasNull) return undefined;
  const alter = `alter table ${table.name} alter column ${column.name}`;
  const [set, drop] = [`${alter} set not null`, `${alter} drop not null`];
  const changed = { ...column, notNull: !column.notNull };
  return {
    name: `alter_table_public_${table.name}_alter_column_${column.name}_null`,
    up: [column.notNull ? drop : set],
    down: [column.notNull ? set : drop],
    inverse: "exact",
    next: replaceTable(schema, table.name, replaceColumn(table, column.name, changed)),
  };
};

const changeDefault: Step = (draw, schema) => {
  const found = freeColumn(draw, schema);
  if (found === undefined) return undefined;
  const { table, column } = found;
  const value = column.default === null ? (draw.values[0] ?? 1) : null;
  const alter = (to: Value) =>
    `alter table ${table.name} alter column ${column.name} ${to === null ? "drop default" : `set default ${literal(to, column.type)}`}`;
  const changed = { ...column, default: value };
  return {
    name: `alter_table_public_${table.name}_alter_column_${column.name}_default`,
    up: [alter(value)],
    down: [alter(column.default)],
    inverse: "exact",
    next: replaceTable(schema, table.name, replaceColumn(table, column.name, changed)),
  };
};

/** One step up: integer, bigint, numeric, text. Numbers come back as they were. */
const changeType: Step = (draw, schema) => {
  const found = freeColumn(draw, schema);
  const to = found && wider(found.column.type);
  if (found === undefined || to === undefined) return undefined;
  const { table, column } = found;
  const changed = { ...column, type: to };
  return {
    name: `alter_table_public_${table.name}_alter_column_${column.name}_type`,
    up: retype(table, column, to),
    down: retype(table, changed, column.type),
    inverse: "exact",
    next: replaceTable(schema, table.name, replaceColumn(table, column.name, changed)),
  };
};

function wider(type: RandomType): RandomType | undefined {
  const at = TYPES.findIndex((each) => typeText(each) === typeText(type));
  return at < 0 ? undefined : TYPES[at + 1];
}

/** The default is taken off and set again as a literal of the new type, for a cast of it would be kept as an expression. */
function retype(table: RandomTable, column: RandomColumn, type: RandomType): readonly string[] {
  const alter = `alter table ${table.name} alter column ${column.name}`;
  const retyped = `${alter} type ${typeText(type)} using ${column.name}::${typeText(type)}`;
  if (column.default === null) return [retyped];
  return [
    `${alter} drop default`,
    retyped,
    `${alter} set default ${literal(column.default, type)}`,
  ];
}

function newColumn(draw: Draw, schema: RandomSchema): RandomColumn {
  const made = chosen(schema.enums, draw.column);
  const types: readonly RandomType[] = [
    ...TYPES,
    "boolean",
    ...(made === undefined ? [] : [{ enum: made }]),
  ];
  const value = draw.values[0] ?? 0;
  const notNull = value % 5 === 0;
  return {
    name: `c${schema.named}`,
    type: chosen(types, draw.type) ?? "text",
    notNull,
    default: notNull || value % 2 === 0 ? value : null,
    bound: "free",
  };
}

function freeColumn(
  draw: Draw,
  schema: RandomSchema,
): { readonly table: RandomTable; readonly column: RandomColumn } | undefined {
  const table = chosen(schema.tables, draw.table);
  const free = table?.columns.filter(({ bound }) => bound === "free") ?? [];
  const column = chosen(free, draw.column);
  return table && column && { table, column };
}

export const columnSteps: readonly Step[] = [
  addColumn,
  dropColumn,
  renameColumn,
  toggleNotNull,
  changeDefault,
  changeType,
];
