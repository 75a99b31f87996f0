import { literal, type RandomTable, replaceTable, type Value } from "./schema.js";
import { chosen, type Step } from "./step.js";

type Row = RandomTable["rows"][number];

/** Possible as soon as there is a table. */
export const insertRows: Step = (draw, schema) => {
  const table = chosen(schema.tables, draw.table);
  if (table === undefined) return undefined;
  const rows = draw.values.map((value, index) => rowOf(table, schema.named * 10 + index, value));
  return {
    name: `insert_into_${table.name}`,
    up: [insertion(table, rows)],
    down: [`delete from ${table.name} where id in (${rows.map(({ id }) => id).join(", ")})`],
    inverse: "exact",
    next: {
      ...replaceTable(schema, table.name, { ...table, rows: [...table.rows, ...rows] }),
      named: schema.named + 1,
    },
  };
};

const deleteRow: Step = (draw, schema) => {
  const table = chosen(
    schema.tables.filter(({ rows, needed }) => rows.length > 0 && !needed),
    draw.table,
  );
  const row = table && chosen(table.rows, draw.column);
  if (table === undefined || row === undefined) return undefined;
  const rows = table.rows.filter(({ id }) => id !== row.id);
  return {
    name: `delete_from_${table.name}`,
    up: [`delete from ${table.name} where id = ${row.id}`],
    down: [insertion(table, [row])],
    inverse: "exact",
    next: replaceTable(schema, table.name, { ...table, rows }),
  };
};

const updateRows: Step = (draw, schema) => {
  const table = chosen(
    schema.tables.filter(({ rows, columns }) => rows.length > 0 && columns.some(isCountable)),
    draw.table,
  );
  const column = table && chosen(table.columns.filter(isCountable), draw.column);
  if (table === undefined || column === undefined) return undefined;
  const by = draw.values[0] ?? 1;
  const rows = table.rows.map(({ id, values }) => {
    const value = values[column.name] ?? null;
    return { id, values: { ...values, [column.name]: value === null ? null : value + by } };
  });
  const set = `update ${table.name} set ${column.name} = ${column.name}`;
  return {
    name: `update_${table.name}`,
    up: [`${set} + ${by}`],
    down: [`${set} - ${by}`],
    inverse: "exact",
    next: replaceTable(schema, table.name, { ...table, rows }),
  };
};

/** Nothing tells afterwards which rows had no value before. */
const fillNulls: Step = (draw, schema) => {
  const table = chosen(schema.tables, draw.table);
  const columns = table?.columns.filter(({ bound, type }) => bound === "free" && isNumber(type));
  const column = columns && chosen(columns, draw.column);
  if (table === undefined || column === undefined || column.notNull) return undefined;
  const isNull = ({ values }: Row) => (values[column.name] ?? null) === null;
  const rows = table.rows.map((row) =>
    isNull(row) ? { id: row.id, values: { ...row.values, [column.name]: 0 } } : row,
  );
  const hadZeros = table.rows.some(({ values }) => values[column.name] === 0);
  return {
    name: `update_${table.name}_${column.name}`,
    up: [`update ${table.name} set ${column.name} = 0 where ${column.name} is null`],
    down: [`update ${table.name} set ${column.name} = null where ${column.name} = 0`],
    inverse: hadZeros ? "lossy" : "exact",
    next: replaceTable(schema, table.name, { ...table, rows }),
  };
};

function isCountable({ bound, type }: RandomTable["columns"][number]): boolean {
  return bound !== "constrained" && isNumber(type);
}

function isNumber(type: RandomTable["columns"][number]["type"]): boolean {
  return type === "integer" || type === "bigint" || type === "numeric";
}

/** Values of keys to other tables stay absent. */
function rowOf(table: RandomTable, id: number, value: number): Row {
  const values = table.columns.map((column, index): readonly [string, Value] => {
    if (column.name === "parent_id") return [column.name, null];
    return [column.name, (value + index) % 4 === 0 && !column.notNull ? null : value];
  });
  return { id, values: Object.fromEntries(values) };
}

function insertion({ name, columns }: RandomTable, rows: readonly Row[]): string {
  const listed = ["id", ...columns.map((column) => column.name)].join(", ");
  const written = rows.map(({ id, values }) => {
    const texts = columns.map((column) => literal(values[column.name] ?? null, column.type));
    return `(${[id, ...texts].join(", ")})`;
  });
  return `insert into ${name} (${listed}) values ${written.join(", ")}`;
}

export const rowSteps: readonly Step[] = [insertRows, deleteRow, updateRows, fillNulls];
