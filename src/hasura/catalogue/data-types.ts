import {
  comment,
  grants,
  isNotOfExtension,
  isOurSchema,
  objects,
  qualified,
  role,
} from "./fragments.js";

const TYPE = qualified("n.nspname", "t.typname");

const ownership = {
  owner: role("t.typowner"),
  grants: grants("t.typacl", "T", "t.typowner"),
  comment: comment("pg_type", "t.oid"),
};

const from = (condition: string, joins = "") =>
  `FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace ${joins}
    WHERE ${condition} AND ${isOurSchema("n.nspname")} AND ${isNotOfExtension("pg_type", "t.oid")}`;

const ENUMS = objects({
  kind: "enum",
  name: TYPE,
  traits: {
    labels:
      "SELECT coalesce(json_agg(l.enumlabel ORDER BY l.enumsortorder), '[]') FROM pg_enum l WHERE l.enumtypid = t.oid",
    ...ownership,
  },
  from: from("t.typtype = 'e'"),
});

const DOMAINS = objects({
  kind: "domain",
  name: TYPE,
  traits: {
    type: "format_type(t.typbasetype, t.typtypmod)",
    notNull: "t.typnotnull",
    default: "t.typdefault",
    collation:
      "CASE WHEN t.typcollation <> b.typcollation THEN (SELECT quote_ident(collname) FROM pg_collation WHERE oid = t.typcollation) END",
    ...ownership,
  },
  from: from("t.typtype = 'd'", "JOIN pg_type b ON b.oid = t.typbasetype"),
});

const DOMAIN_CONSTRAINTS = objects({
  kind: "constraint",
  name: `${TYPE} || '.' || quote_ident(k.conname)`,
  traits: {
    table: TYPE,
    definition: "pg_get_constraintdef(k.oid)",
    comment: comment("pg_constraint", "k.oid"),
  },
  from: from("k.contype = 'c'", "JOIN pg_constraint k ON k.contypid = t.oid"),
});

const COMPOSITES = objects({
  kind: "type",
  name: TYPE,
  traits: {
    definition: `SELECT '(' || string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) || ')'
      FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped`,
    ...ownership,
  },
  from: from("t.typtype = 'c' AND c.relkind = 'c'", "JOIN pg_class c ON c.oid = t.typrelid"),
});

const RANGES = objects({
  kind: "type",
  name: TYPE,
  traits: {
    definition: `'RANGE of ' || format_type(r.rngsubtype, NULL) || CASE WHEN r.rngcanonical::oid <> 0 THEN ' canonical ' || r.rngcanonical::text ELSE '' END
      || CASE WHEN r.rngsubdiff::oid <> 0 THEN ' subtype_diff ' || r.rngsubdiff::text ELSE '' END`,
    ...ownership,
  },
  from: from("t.typtype = 'r'", "JOIN pg_range r ON r.rngtypid = t.oid"),
});

/** `pg_collation`. Versions before 15 keep an ICU locale where others keep libc's. Versions of collations are the machine's. */
const COLLATIONS = objects({
  kind: "collation",
  name: qualified("n.nspname", "l.collname"),
  traits: {
    provider: "l.collprovider",
    locale:
      "coalesce(to_jsonb(l) ->> 'colllocale', to_jsonb(l) ->> 'colliculocale', to_jsonb(l) ->> 'collcollate')",
    deterministic: "l.collisdeterministic",
    owner: role("l.collowner"),
    comment: comment("pg_collation", "l.oid"),
  },
  from: `FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
    WHERE ${isOurSchema("n.nspname")} AND ${isNotOfExtension("pg_collation", "l.oid")}`,
});

const CASTS = objects({
  kind: "cast",
  name: "'(' || format_type(k.castsource, NULL) || ' AS ' || format_type(k.casttarget, NULL) || ')'",
  traits: {
    function: "CASE WHEN k.castfunc <> 0 THEN k.castfunc::regprocedure::text END",
    context:
      "CASE k.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' ELSE 'explicit' END",
    method: "k.castmethod",
    comment: comment("pg_cast", "k.oid"),
  },
  // Below are those that initdb makes.
  from: `FROM pg_cast k WHERE k.oid >= 16384 AND ${isNotOfExtension("pg_cast", "k.oid")}`,
});

export const DATA_TYPE_QUERIES: readonly string[] = [
  ENUMS,
  DOMAINS,
  DOMAIN_CONSTRAINTS,
  COMPOSITES,
  RANGES,
  COLLATIONS,
  CASTS,
];
