/** What stands after the migrations so far: as much as is needed to write the next one so that it applies. */
export interface RandomSchema {
  readonly tables: readonly RandomTable[];
  readonly enums: readonly string[];
  readonly views: readonly { readonly name: string; readonly table: string }[];
  /** How many names were given: each is given once. */
  readonly named: number;
}

export interface RandomTable {
  readonly name: string;
  /** Besides the key `id integer`. */
  readonly columns: readonly RandomColumn[];
  /** Rows by their `id`, the values by column. */
  readonly rows: readonly {
    readonly id: number;
    readonly values: Readonly<Record<string, Value>>;
  }[];
  /** A foreign key of another table, or a view, needs it. */
  readonly needed: boolean;
}

/** A number that each type holds in its own way; null for absent. */
export type Value = number | null;

export interface RandomColumn {
  readonly name: string;
  readonly type: RandomType;
  readonly notNull: boolean;
  readonly default: Value;
  /** An index or constraint is on it. Its type does not change, and its values stay as they are. */
  readonly bound: "free" | "indexed" | "constrained";
}

/** Each casts to the next without a loss, and back as long as nothing else was put in. */
export const TYPES = ["integer", "bigint", "numeric", "text"] as const;
export type RandomType = (typeof TYPES)[number] | "boolean" | { readonly enum: string };

export function typeText(type: RandomType): string {
  return typeof type === "string" ? type : type.enum;
}

export function literal(value: Value, type: RandomType): string {
  if (value === null) return "null";
  if (type === "boolean") return value % 2 === 0 ? "true" : "false";
  if (type === "text") return `'${value}'`;
  if (typeof type !== "string") return `'${LABELS[value % LABELS.length]}'`;
  return String(value);
}

/** Of every enum. */
export const LABELS = ["baixa", "média", "alta"] as const;

export function columnText({ name, type, notNull, default: value }: RandomColumn): string {
  const defaulted = value === null ? "" : ` default ${literal(value, type)}`;
  return `${name} ${typeText(type)}${defaulted}${notNull ? " not null" : ""}`;
}

export function replaceTable(
  schema: RandomSchema,
  name: string,
  table: RandomTable | undefined,
): RandomSchema {
  const tables = schema.tables.flatMap((each) => {
    if (each.name !== name) return [each];
    return table === undefined ? [] : [table];
  });
  return { ...schema, tables };
}

export function replaceColumn(
  table: RandomTable,
  name: string,
  column: RandomColumn | undefined,
): RandomTable {
  const columns = table.columns.flatMap((each) => {
    if (each.name !== name) return [each];
    return column === undefined ? [] : [column];
  });
  return { ...table, columns };
}
