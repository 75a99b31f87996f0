import {
  comment,
  grantList,
  grants,
  grantsBut,
  isNotOfExtension,
  isOurSchema,
  objects,
  options,
  qualified,
  role,
} from "./fragments.js";

const TABLE = qualified("n.nspname", "c.relname");

/** `pg_namespace`. What `public` starts with differs between versions, and is kept in `pg_init_privs`. */
const SCHEMAS = objects({
  kind: "schema",
  name: "quote_ident(n.nspname)",
  traits: {
    owner: `CASE ${role("n.nspowner")} WHEN 'pg_database_owner'
      THEN (SELECT ${role("datdba")} FROM pg_database WHERE datname = current_database()) ELSE ${role("n.nspowner")} END`,
    grants: grantsBut(
      "n.nspacl",
      "coalesce((SELECT initprivs FROM pg_init_privs WHERE classoid = 'pg_namespace'::regclass AND objoid = n.oid), acldefault('n', n.nspowner))",
    ),
    defaultPrivileges: `(SELECT string_agg(${role("d.defaclrole")} || ' ' || d.defaclobjtype::text || ' ' || ${grantList("d.defaclacl")}, '; '
      ORDER BY ${role("d.defaclrole")} COLLATE "C", d.defaclobjtype) FROM pg_default_acl d WHERE d.defaclnamespace = n.oid)`,
    comment: `CASE n.nspname WHEN 'public' THEN NULLIF(${comment("pg_namespace", "n.oid")}, 'standard public schema')
      ELSE ${comment("pg_namespace", "n.oid")} END`,
  },
  from: `FROM pg_namespace n WHERE ${isOurSchema("n.nspname")} AND ${isNotOfExtension("pg_namespace", "n.oid")}`,
});

const EXTENSIONS = objects({
  kind: "extension",
  name: "quote_ident(x.extname)",
  traits: { version: "x.extversion", schema: "n.nspname" },
  from: "FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace",
});

const TABLES = objects({
  kind: "table",
  name: TABLE,
  traits: {
    kind: "CASE c.relkind WHEN 'p' THEN 'partitioned' WHEN 'f' THEN 'foreign' ELSE 'ordinary' END",
    persistence: "CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'logged' END",
    inherits:
      "SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid",
    partitionedBy: "CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END",
    partitionFor: "pg_get_expr(c.relpartbound, c.oid)",
    rowSecurity:
      "CASE WHEN c.relforcerowsecurity AND c.relrowsecurity THEN 'forced' WHEN c.relforcerowsecurity THEN 'forced, not enabled' WHEN c.relrowsecurity THEN 'enabled' END",
    replicaIdentity:
      "CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' END",
    options: options("c.reloptions"),
    owner: role("c.relowner"),
    grants: grants("c.relacl", "r", "c.relowner"),
    comment: comment("pg_class", "c.oid"),
  },
  from: `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'f') AND ${isOurSchema("n.nspname")} AND ${isNotOfExtension("pg_class", "c.oid")}`,
});

/** `pg_attribute`; the position is counted among the columns that are left, as a dropped one keeps its number. */
const COLUMNS = objects({
  kind: "column",
  name: `${TABLE} || '.' || quote_ident(a.attname)`,
  traits: {
    table: TABLE,
    column: "a.attname",
    type: "format_type(a.atttypid, a.atttypmod)",
    notNull: "a.attnotnull",
    default: "CASE a.attgenerated WHEN '' THEN pg_get_expr(d.adbin, d.adrelid) END",
    generated:
      "CASE a.attgenerated WHEN 's' THEN pg_get_expr(d.adbin, d.adrelid) || ' STORED' WHEN 'v' THEN pg_get_expr(d.adbin, d.adrelid) || ' VIRTUAL' END",
    identity: "CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END",
    collation:
      "CASE WHEN a.attcollation <> t.typcollation THEN (SELECT quote_ident(collname) FROM pg_collation WHERE oid = a.attcollation) END",
    storage: "CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END",
    position: "a.place",
    grants: grants("a.attacl", "c", "c.relowner"),
    comment: "col_description(c.oid, a.attnum)",
  },
  from: `FROM (SELECT *, row_number() OVER (PARTITION BY attrelid ORDER BY attnum) AS place
      FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped) a
    JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p', 'f') AND ${isOurSchema("n.nspname")} AND ${isNotOfExtension("pg_class", "c.oid")}`,
});

export const TABLE_QUERIES: readonly string[] = [SCHEMAS, EXTENSIONS, TABLES, COLUMNS];
