import { z } from "zod";
import type { ScratchDatabase } from "../scratch/scratch.js";
import { inJson } from "./json-column.js";
import type { SeedType } from "./seed-type.js";
import { readTypes } from "./seed-types.js";
import { quotedName } from "./sql-text.js";

/** A table that rows can be put into. */
export interface SeedTable {
  /** As people write it, the schema left out where it is `public`. */
  readonly name: string;
  /** As SQL, in quotes: `"public"."students"`. */
  readonly sql: string;
  readonly isPartitioned: boolean;
  readonly columns: readonly SeedColumn[];
  readonly checks: readonly Check[];
  readonly foreignKeys: readonly ForeignKey[];
  /** For each partition its bound as PostgreSQL writes it: `FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')`. */
  readonly bounds: readonly string[];
  /** The columns that the table is partitioned by. */
  readonly partitionedBy: readonly string[];
}

export interface SeedColumn {
  readonly name: string;
  readonly type: SeedType;
  /** As PostgreSQL writes it: `numeric(5,2)`. */
  readonly typeName: string;
  readonly isNullable: boolean;
  /** Generated, an identity, or with a sequence for a default: the database gives the value. */
  readonly isMadeByDatabase: boolean;
  readonly hasDefault: boolean;
}

interface Check {
  readonly name: string;
  readonly columns: readonly string[];
  readonly expression: string;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** The table referred to, as people write it. */
  readonly parent: string;
  readonly parentSql: string;
  readonly parentColumns: readonly string[];
}

/** Reads `pg_class`, `pg_attribute`, `pg_constraint` and `pg_type`: ordinary and partitioned tables that are neither Hasura's nor an extension's. */
export async function readSeedCatalogue(database: ScratchDatabase): Promise<readonly SeedTable[]> {
  const tables = tableRows.parse(await database.query(TABLES));
  const constraints = constraintRows.parse(await database.query(CONSTRAINTS));
  const typeOf = await readTypes(database);
  return tables.map((table) => {
    const own = constraints.filter(({ oid }) => oid === table.oid);
    return {
      name: nameOf(table.schema, table.name),
      sql: sqlNameOf(table.schema, table.name),
      isPartitioned: table.kind === "p",
      columns: table.columns.map((column) => ({
        name: column.name,
        type: typeOf(column.type, column.written),
        typeName: column.written,
        isNullable: !column.not_null,
        isMadeByDatabase: column.made,
        hasDefault: column.has_default,
      })),
      checks: own.filter(({ kind }) => kind === "c").map(checkOf),
      foreignKeys: own.filter(({ kind }) => kind === "f").map(foreignKeyOf),
      bounds: table.bounds,
      partitionedBy: table.partitioned_by,
    };
  });
}

function nameOf(schema: string, name: string): string {
  return schema === "public" ? name : `${schema}.${name}`;
}

function sqlNameOf(schema: string, name: string): string {
  return `${quotedName(schema)}.${quotedName(name)}`;
}

function checkOf({ name, columns, expression }: ConstraintRow): Check {
  return { name, columns, expression: expression ?? "" };
}

function foreignKeyOf(row: ConstraintRow): ForeignKey {
  const { parent_schema: schema, parent } = row;
  return {
    name: row.name,
    columns: row.columns,
    parent: nameOf(schema ?? "", parent ?? ""),
    parentSql: sqlNameOf(schema ?? "", parent ?? ""),
    parentColumns: row.parent_columns,
  };
}

const names = inJson(z.array(z.string()));

const tableRows = z.array(
  z.object({
    oid: z.string(),
    schema: z.string(),
    name: z.string(),
    kind: z.string(),
    columns: inJson(
      z.array(
        z.object({
          name: z.string(),
          type: z.string(),
          written: z.string(),
          not_null: z.boolean(),
          made: z.boolean(),
          has_default: z.boolean(),
        }),
      ),
    ),
    bounds: names,
    partitioned_by: names,
  }),
);

/** `relispartition`: the rows of a partition come through its parent. */
const TABLES = `
  SELECT c.oid::text AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
    (SELECT json_agg(json_build_object(
        'name', a.attname, 'type', a.atttypid::text, 'written', format_type(a.atttypid, a.atttypmod),
        'not_null', a.attnotnull, 'has_default', a.atthasdef,
        'made', a.attidentity <> '' OR a.attgenerated <> ''
          OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%', false)) ORDER BY a.attnum)
      FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns,
    (SELECT json_agg(pg_get_expr(p.relpartbound, p.oid) ORDER BY p.relname)
      FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid
      WHERE i.inhparent = c.oid AND p.relispartition)::text AS bounds,
    (SELECT json_agg(a.attname ORDER BY k.place)
      FROM pg_partitioned_table p, unnest(p.partattrs::int2[]) WITH ORDINALITY k(number, place), pg_attribute a
      WHERE p.partrelid = c.oid AND a.attrelid = c.oid AND a.attnum = k.number)::text AS partitioned_by
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname NOT IN ('hdb_catalog', 'information_schema') AND n.nspname !~ '^pg_'
    AND NOT EXISTS (SELECT FROM pg_depend e
      WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

const constraintRow = z.object({
  oid: z.string(),
  name: z.string(),
  kind: z.string(),
  expression: z.string().nullable(),
  columns: names,
  parent_schema: z.string().nullable(),
  parent: z.string().nullable(),
  parent_columns: names,
});
type ConstraintRow = z.infer<typeof constraintRow>;
const constraintRows = z.array(constraintRow);

/** Those with a parent are copies that PostgreSQL keeps for partitions. */
const CONSTRAINTS = `
  SELECT o.conrelid::text AS oid, o.conname::text AS name, o.contype::text AS kind,
    CASE o.contype WHEN 'c' THEN pg_get_expr(o.conbin, o.conrelid) END AS expression,
    (SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(o.conkey) WITH ORDINALITY k(number, place)
      JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.number)::text AS columns,
    pn.nspname::text AS parent_schema, p.relname::text AS parent,
    (SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(o.confkey) WITH ORDINALITY k(number, place)
      JOIN pg_attribute a ON a.attrelid = o.confrelid AND a.attnum = k.number)::text AS parent_columns
  FROM pg_constraint o
  LEFT JOIN pg_class p ON p.oid = o.confrelid LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
  WHERE o.contype IN ('c', 'f') AND o.conrelid <> 0 AND o.conparentid = 0
  ORDER BY o.conrelid, o.conname COLLATE "C"`;
