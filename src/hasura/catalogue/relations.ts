import {
  comment,
  grants,
  isNotOfExtension,
  isOurSchema,
  objects,
  options,
  qualified,
  role,
} from "./fragments.js";

const TABLE = qualified("n.nspname", "c.relname");

/** `pg_constraint` without NOT NULL, which is a trait of its column and has rows here only from version 18 on. */
const CONSTRAINTS = objects({
  kind: "constraint",
  name: `${TABLE} || '.' || quote_ident(k.conname)`,
  traits: {
    table: TABLE,
    definition: "pg_get_constraintdef(k.oid)",
    clustered: "CASE WHEN i.indisclustered THEN 'true' END",
    replicaIdentity: "CASE WHEN i.indisreplident THEN 'true' END",
    comment: comment("pg_constraint", "k.oid"),
  },
  from: `FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
    WHERE k.contype NOT IN ('n', 't') AND ${isOurSchema("n.nspname")} AND ${isNotOfExtension("pg_class", "c.oid")}`,
});

/** `pg_index` without those that a constraint owns. The definition is without the name, to know one that was renamed. */
const INDEXES = objects({
  kind: "index",
  name: qualified("n.nspname", "x.relname"),
  traits: {
    table: TABLE,
    definition:
      "replace(pg_get_indexdef(i.indexrelid), ' INDEX ' || quote_ident(x.relname) || ' ON ', ' INDEX ON ')",
    valid: "i.indisvalid",
    clustered: "CASE WHEN i.indisclustered THEN 'true' END",
    replicaIdentity: "CASE WHEN i.indisreplident THEN 'true' END",
    comment: comment("pg_class", "x.oid"),
  },
  from: `FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${isOurSchema("n.nspname")} AND ${isNotOfExtension("pg_class", "c.oid")}
    AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))`,
});

const SEQUENCES = objects({
  kind: "sequence",
  name: TABLE,
  traits: {
    type: "format_type(s.seqtypid, NULL)",
    start: "s.seqstart",
    increment: "s.seqincrement",
    minimum: "s.seqmin",
    maximum: "s.seqmax",
    cycle: "s.seqcycle",
    cache: "s.seqcache",
    ownedBy: `SELECT d.refobjid::regclass::text || '.' || quote_ident(a.attname) FROM pg_depend d
      JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')`,
    owner: role("c.relowner"),
    grants: grants("c.relacl", "s", "c.relowner"),
    comment: comment("pg_class", "c.oid"),
  },
  from: `FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${isOurSchema("n.nspname")} AND ${isNotOfExtension("pg_class", "c.oid")}`,
});

const view = (kind: string, relkind: string, more: Readonly<Record<string, string>>): string =>
  objects({
    kind,
    name: TABLE,
    traits: {
      definition: "pg_get_viewdef(c.oid)",
      columns: `SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped`,
      options: options("c.reloptions"),
      ...more,
      owner: role("c.relowner"),
      grants: grants("c.relacl", "r", "c.relowner"),
      comment: comment("pg_class", "c.oid"),
    },
    from: `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = '${relkind}' AND ${isOurSchema("n.nspname")} AND ${isNotOfExtension("pg_class", "c.oid")}`,
  });

export const RELATION_QUERIES: readonly string[] = [
  CONSTRAINTS,
  INDEXES,
  SEQUENCES,
  view("view", "v", {}),
  view("materialized view", "m", { populated: "c.relispopulated" }),
];
