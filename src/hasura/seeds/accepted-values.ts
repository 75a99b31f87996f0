import { type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import type { ChosenColumn } from "./choice.js";
import type { Values } from "./scalar-values.js";
import type { SeedColumn, SeedTable } from "./seed-catalogue.js";
import type { SeedType } from "./seed-type.js";
import { literal, quotedName } from "./sql-text.js";
import { sameInAll, valuesOf } from "./values.js";

/**
 * The values for a column that its own CHECKs, its domain's and the bounds of partitions let in, together with what those name
 * themselves: `status IN ('new', 'done')` can be met by no other. Undefined where no value is known.
 */
export async function acceptedValues(
  database: ScratchDatabase,
  table: SeedTable,
  column: SeedColumn,
): Promise<ChosenColumn | undefined> {
  const values = valuesOf(column.type);
  if (values === undefined) return undefined;
  const isNullable = column.isNullable && !refusesNull(column.type);
  const chosen = { name: column.name, isNullable, values };
  const place = table.partitionedBy.indexOf(column.name);
  const bounds = place < 0 ? [] : table.bounds.flatMap((bound) => namedInBound(bound, place));
  if (bounds.length > 0) return { ...chosen, isNullable: false, values: sameInAll(bounds) };
  const conditions = conditionsOn(table, column);
  if (conditions.length === 0) return chosen;
  const named = namedIn(conditions, baseOf(column));
  return (
    (await filtered(database, column, { chosen, conditions, named })) ??
    (await filtered(database, column, { chosen, conditions, named: [] })) ??
    chosen
  );
}

function refusesNull(type: SeedType): boolean {
  return type.kind === "domain" && (type.notNull || refusesNull(type.of));
}

/** `FOR VALUES FROM ('2024-01-01', 5) TO (…)`: what stands at a place after FROM is in; `FOR VALUES IN ('a', 'b')`: all. */
function namedInBound(bound: string, place: number): readonly string[] {
  const list = /\bIN \((.*)\)/s.exec(bound)?.[1];
  if (list !== undefined) return literalsIn(list);
  const from = /\bFROM \((.*)\) TO \(/s.exec(bound)?.[1];
  return from === undefined ? [] : literalsIn(from).slice(place, place + 1);
}

function literalsIn(sql: string): readonly string[] {
  const found = [...sql.matchAll(/'((?:[^']|'')*)'|(?<![\w."'])-?\d+(?:\.\d+)?/g)];
  return [...new Set(found.map(([all, text]) => text?.replaceAll("''", "'") ?? all))];
}

/** Conditions on the column alone, as SQL in which it is named. */
function conditionsOn(table: SeedTable, column: SeedColumn): readonly string[] {
  const own = table.checks.filter(
    ({ columns }) => columns.length === 1 && columns[0] === column.name,
  );
  const ofDomain = checksOf(column.type).map((check) => asColumn(check, column.name));
  return [...own.map(({ expression }) => expression), ...ofDomain];
}

function checksOf(type: SeedType): readonly string[] {
  return type.kind === "domain" ? [...type.checks, ...checksOf(type.of)] : [];
}

/** VALUE, where it is not within a text, becomes the column. */
function asColumn(check: string, name: string): string {
  return check.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\bVALUE\b/g, (part) =>
    part === "VALUE" ? quotedName(name) : part,
  );
}

function baseOf(column: SeedColumn): { readonly type: SeedType; readonly name: string } {
  let { type, typeName: name } = column;
  while (type.kind === "domain") ({ of: type, ofName: name } = type);
  return { type, name };
}

/** What the conditions themselves name, and for texts what people often ask for: a length, an address, a code. */
function namedIn(
  conditions: readonly string[],
  { type }: { readonly type: SeedType },
): readonly string[] {
  const literals = conditions.flatMap(literalsIn);
  if (type.kind !== "scalar" || !TEXTS.has(type.name)) return literals;
  const lengths = literals.map(Number).filter((length) => length > 0 && length <= 200);
  const ofLength = lengths.flatMap((length) => [
    "7".padStart(length, "0"),
    "x".repeat(length),
    "X".repeat(length),
  ]);
  const most = type.modifiers[0] ?? Number.POSITIVE_INFINITY;
  return [...literals, ...ofLength, ...WELL_FORMED].filter((text) => text.length <= most);
}

const TEXTS: ReadonlySet<string> = new Set(["text", "varchar", "bpchar", "citext", "name"]);
const WELL_FORMED = [
  "ana@example.com",
  "joao.silva+1@exemplo.com.br",
  "https://example.com/a",
  "http://exemplo.com.br/ção",
  "+5511999990000",
  "(11) 99999-0000",
  "abc",
  "ABC",
  "abc-def",
  "abc_def",
  "#a1b2c3",
  "2024-02-29",
  "12345678909",
  "11222333000181",
  "01310-100",
  "pt-BR",
  "BRL",
  "SP",
];

interface Filter {
  readonly chosen: ChosenColumn;
  readonly conditions: readonly string[];
  readonly named: readonly string[];
}

/** Asks the database which values meet the conditions; undefined if it cannot tell, or none does. */
async function filtered(
  database: ScratchDatabase,
  column: SeedColumn,
  { chosen, conditions, named }: Filter,
): Promise<ChosenColumn | undefined> {
  const { plain, tricky, harsh } = chosen.values;
  const candidates = [...new Set<string | null>([null, ...named, ...plain, ...tricky, ...harsh])];
  const met = await findMet(database, candidates, {
    name: quotedName(column.name),
    type: baseOf(column).name,
    condition: conditions.map((condition) => `(${condition}) IS NOT FALSE`).join(" AND "),
  });
  if (met === undefined) return undefined;
  const isNullable = chosen.isNullable && met.has(null);
  const values = spread(chosen.values, named, met);
  return values === undefined ? undefined : { ...chosen, isNullable, values };
}

interface Condition {
  readonly name: string;
  readonly type: string;
  readonly condition: string;
}

async function findMet(
  database: ScratchDatabase,
  candidates: readonly (string | null)[],
  { name, type, condition }: Condition,
): Promise<ReadonlySet<string | null> | undefined> {
  const values = candidates.map((value, index) => `(${index}, ${literal(value)})`).join(", ");
  try {
    const rows = await database.query(`
      SELECT number::text AS number FROM (SELECT number, value::${type} AS ${name}
        FROM (VALUES ${values}) AS given(number, value)) AS typed WHERE ${condition}`);
    return new Set(rows.map(({ number }) => candidates[Number(number)] ?? null));
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

function spread(
  { plain, tricky, harsh }: Values,
  named: readonly string[],
  met: ReadonlySet<string | null>,
): Values | undefined {
  const meets = (value: string) => met.has(value);
  const plainer = plain.filter(meets);
  const besides = named.filter((value) => meets(value) && ![...plain, ...harsh].includes(value));
  const all = [
    ...new Set([...besides, ...plainer, ...tricky.filter(meets), ...harsh.filter(meets)]),
  ];
  if (plainer.length < 2) return all.length === 0 ? undefined : sameInAll(all);
  const trickier = [...new Set([...besides, ...tricky.filter(meets)])];
  return { plain: plainer, tricky: trickier, harsh: harsh.filter(meets) };
}
