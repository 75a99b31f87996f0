import { z } from "zod";
import type { ScratchDatabase } from "../scratch/scratch.js";
import { inJson } from "./json-column.js";
import { readModifiers, type SeedType } from "./seed-type.js";

/** Answers a type by its oid and by how `format_type` writes it with its modifiers. */
export type TypeOf = (oid: string, written: string) => SeedType;

/** Reads `pg_type` with enum labels, CHECKs of domains, attributes of composites and what ranges are of. */
export async function readTypes(database: ScratchDatabase): Promise<TypeOf> {
  const rows = new Map(typeRows.parse(await database.query(TYPES)).map((row) => [row.oid, row]));
  const typeOf: TypeOf = (oid, written) => {
    const row = rows.get(oid);
    return row === undefined ? scalar("unknown", "") : seedTypeOf(row, written, typeOf);
  };
  return typeOf;
}

function seedTypeOf(row: TypeRow, written: string, typeOf: TypeOf): SeedType {
  switch (row.kind) {
    case "e":
      return { kind: "enum", labels: row.labels };
    case "d":
      return {
        kind: "domain",
        of: typeOf(row.base, row.base_written),
        ofName: row.base_written,
        notNull: row.not_null === "1",
        checks: row.checks,
      };
    case "c":
      return {
        kind: "composite",
        attributes: row.attributes.map(([oid, text]) => typeOf(oid, text)),
      };
    case "r":
      return { kind: "range", of: typeOf(row.range_of, "") };
    case "m":
      return { kind: "multirange", of: typeOf(row.range_of, "") };
    default:
      // The modifiers of `numeric(5,2)[]` are its elements'.
      return row.element === "0"
        ? scalar(row.name, written)
        : { kind: "array", of: typeOf(row.element, written) };
  }
}

function scalar(name: string, written: string): SeedType {
  return { kind: "scalar", name, modifiers: readModifiers(written) };
}

const typeRow = z.object({
  oid: z.string(),
  name: z.string(),
  kind: z.string(),
  element: z.string(),
  base: z.string(),
  base_written: z.string(),
  not_null: z.string(),
  labels: inJson(z.array(z.string())),
  checks: inJson(z.array(z.string())),
  attributes: inJson(z.array(z.tuple([z.string(), z.string()]))),
  range_of: z.string(),
});
type TypeRow = z.infer<typeof typeRow>;
const typeRows = z.array(typeRow);

/** A multirange shares its category with its range, and is built from it by name: `int4multirange` from `int4range`. */
const TYPES = `
  SELECT t.oid::text AS oid, t.typname::text AS name, t.typtype::text AS kind,
    CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END::text AS element,
    t.typbasetype::text AS base, coalesce(format_type(nullif(t.typbasetype, 0), t.typtypmod), '') AS base_written,
    t.typnotnull::int::text AS not_null,
    CASE t.typtype WHEN 'e' THEN (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder)
      FROM pg_enum e WHERE e.enumtypid = t.oid) END::text AS labels,
    CASE t.typtype WHEN 'd' THEN (SELECT json_agg(pg_get_expr(o.conbin, 0) ORDER BY o.conname)
      FROM pg_constraint o WHERE o.contypid = t.oid AND o.contype = 'c') END::text AS checks,
    CASE t.typtype WHEN 'c' THEN (SELECT json_agg(json_build_array(a.atttypid::text,
        format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
      FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END::text AS attributes,
    coalesce((SELECT r.rngsubtype FROM pg_range r JOIN pg_type s ON s.oid = r.rngtypid
      WHERE r.rngtypid = t.oid OR t.typtype = 'm' AND s.typnamespace = t.typnamespace
        AND replace(t.typname, 'multirange', 'range') = s.typname), 0)::text AS range_of
  FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE t.typtype <> 'p' AND (t.typtype <> 'c' OR c.relkind = 'c')`;
