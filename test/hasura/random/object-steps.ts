import { type RandomTable, replaceColumn, replaceTable } from "./schema.js";
import { chosen, type Step } from "./step.js";

const addIndex: Step = (draw, schema) => {
  const table = chosen(schema.tables, draw.table);
  const column = table && chosen(table.columns, draw.column);
  if (table === undefined || column === undefined) return undefined;
  const name = `i${schema.named}`;
  const bound = column.bound === "constrained" ? column.bound : "indexed";
  const condition = draw.type % 2 === 0 ? "" : ` where ${column.name} is not null`;
  const indexed = replaceColumn(table, column.name, { ...column, bound });
  return {
    name: `create_index_${name}`,
    up: [`create index ${name} on ${table.name} (${column.name})${condition}`],
    down: [`drop index ${name}`],
    inverse: "exact",
    next: { ...replaceTable(schema, table.name, indexed), named: schema.named + 1 },
  };
};

const addUnique: Step = (draw, schema) => {
  const table = chosen(schema.tables, draw.table);
  const column = table && chosen(table.columns, draw.column);
  if (table === undefined || column === undefined) return undefined;
  const name = `u${schema.named}`;
  const constrained = replaceColumn(table, column.name, { ...column, bound: "constrained" });
  return {
    name: `alter_table_public_${table.name}_add_unique_${name}`,
    up: [`alter table ${table.name} add constraint ${name} unique (${column.name}, id)`],
    down: [`alter table ${table.name} drop constraint ${name}`],
    inverse: "exact",
    next: { ...replaceTable(schema, table.name, constrained), named: schema.named + 1 },
  };
};

const addCheck: Step = (draw, schema) => {
  const table = chosen(schema.tables, draw.table);
  const numbers = table?.columns.filter(({ type }) => type === "integer" || type === "numeric");
  const column = numbers && chosen(numbers, draw.column);
  if (table === undefined || column === undefined) return undefined;
  const name = `k${schema.named}`;
  const constrained = replaceColumn(table, column.name, { ...column, bound: "constrained" });
  const validity = draw.type % 2 === 0 ? "" : " not valid";
  return {
    name: `alter_table_public_${table.name}_add_check_${name}`,
    up: [
      `alter table ${table.name} add constraint ${name} check (${column.name} > -1000000)${validity}`,
    ],
    down: [`alter table ${table.name} drop constraint ${name}`],
    inverse: "exact",
    next: { ...replaceTable(schema, table.name, constrained), named: schema.named + 1 },
  };
};

const createView: Step = (draw, schema) => {
  const table = chosen(schema.tables, draw.table);
  const column = table && chosen(table.columns, draw.column);
  if (table === undefined || column === undefined) return undefined;
  const name = `v${schema.named}`;
  const read: RandomTable = {
    ...replaceColumn(table, column.name, { ...column, bound: "constrained" }),
    needed: true,
  };
  return {
    name: `create_view_${name}`,
    up: [`create view ${name} as select id, ${column.name} from ${table.name}`],
    down: [`drop view ${name}`],
    inverse: "exact",
    next: {
      ...replaceTable(schema, table.name, read),
      views: [...schema.views, { name, table: table.name }],
      named: schema.named + 1,
    },
  };
};

const comment: Step = (draw, schema) => {
  const view = chosen(schema.views, draw.column);
  if (view === undefined) return undefined;
  const views = schema.views.filter(({ name }) => name !== view.name);
  return {
    name: `comment_on_${view.name}`,
    up: [`comment on view ${view.name} is 'visão; ${draw.type}'`],
    down: [`comment on view ${view.name} is null`],
    inverse: "exact",
    next: { ...schema, views },
  };
};

export const objectSteps: readonly Step[] = [addIndex, addUnique, addCheck, createView, comment];
