import type { Status } from "../corpus/shape.js";

/** What is known of a table while the migrations are drawn. */
export interface Table {
  readonly name: string;
  /** Besides `id`, in the order they stand. */
  readonly columns: readonly Column[];
  /** A foreign key points to it, or a view reads it: it is neither dropped nor renamed, and no row of it deleted. */
  readonly needed: boolean;
  /** The ids of rows that migrations inserted and none deleted. */
  readonly rows: readonly number[];
}

export interface Column {
  readonly name: string;
  readonly kind: "text" | "integer" | "timestamptz" | "boolean";
  /** Something reads it: a view, an index, a trigger, a constraint. */
  readonly needed: boolean;
}

export interface World {
  readonly tables: readonly Table[];
  readonly views: readonly { readonly name: string; readonly table: string }[];
  readonly functions: readonly string[];
  /** How many names were given: each is made only once. */
  readonly named: number;
}

/** How a down goes wrong, as measured in public folders. */
export type Fault = "another schema" | "failing" | "comments" | "missing" | "position" | "rows";

/** One migration as drawn, its right down and the wrong ones that are known for it. */
export interface Draft {
  readonly name: string;
  readonly up: string;
  /** Absent where no SQL restores what the up does. */
  readonly down?: string;
  readonly wrong: readonly WrongDown[];
  readonly next: World;
}

interface WrongDown {
  readonly fault: Fault;
  readonly down?: string;
  readonly status: Status;
  readonly words: readonly string[];
}

export type Recipe = (world: World, random: Random) => Draft | undefined;

/** A number from 0 up to, but not including, 1. */
export type Random = () => number;

/** The same numbers for the same seed, on every machine (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<Value>(values: readonly Value[], random: Random): Value | undefined {
  return values[Math.floor(random() * values.length)];
}

export function withTable(world: World, table: Table): World {
  const others = world.tables.filter(({ name }) => name !== table.name);
  return { ...world, tables: [...others, table] };
}

/** The table with one of its columns marked as read by something. */
export function needing(table: Table, column: string): Table {
  const columns = table.columns.map((each) =>
    each.name === column ? { ...each, needed: true } : each,
  );
  return { ...table, columns };
}

/** An update of it leaves a trace that no second update takes away: a trigger sets `updated_at`. */
export function isTouched(table: Table): boolean {
  return table.columns.some(({ name }) => name === "updated_at");
}

const NOUNS = ["pedido", "aluno", "invoice", "commande", "turma", "payment", "usuario", "élève"];

/** A name that no object has yet, and the world in which it is taken. */
export function named(world: World, random: Random, prefix = pick(NOUNS, random)) {
  const name = `${prefix}_${world.named}`;
  return { name, world: { ...world, named: world.named + 1 } };
}
