import {
  comment,
  grantList,
  grants,
  isNotOfExtension,
  isOurSchema,
  objects,
  qualified,
  role,
} from "./fragments.js";

const ROUTINE = `${qualified("n.nspname", "p.proname")} || '(' || oidvectortypes(p.proargtypes) || ')'`;
const TABLE = qualified("n.nspname", "c.relname");

const ownership = {
  owner: role("p.proowner"),
  grants: grants("p.proacl", "f", "p.proowner"),
  comment: comment("pg_proc", "p.oid"),
};

const fromRoutines = (condition: string, joins = "") =>
  `FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace ${joins}
    WHERE ${condition} AND ${isOurSchema("n.nspname")} AND ${isNotOfExtension("pg_proc", "p.oid")}`;

/** `pg_proc`, procedures among them. A body in standard SQL (`BEGIN ATOMIC`) has no source text, only a definition. */
const FUNCTIONS = objects({
  kind: "function",
  name: ROUTINE,
  traits: {
    kind: "CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'w' THEN 'window function' ELSE 'function' END",
    arguments: "pg_get_function_arguments(p.oid)",
    returns: "pg_get_function_result(p.oid)",
    language: "SELECT l.lanname FROM pg_language l WHERE l.oid = p.prolang",
    body: "CASE p.prosrc WHEN '' THEN pg_get_functiondef(p.oid) ELSE p.prosrc END",
    library: "p.probin",
    volatility:
      "CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END",
    parallel:
      "CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END",
    strict: "p.proisstrict",
    security: "CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END",
    leakproof: "p.proleakproof",
    cost: "p.procost",
    rows: "p.prorows",
    settings: "array_to_string(p.proconfig, ', ')",
    ...ownership,
  },
  from: fromRoutines("p.prokind <> 'a'"),
});

const AGGREGATES = objects({
  kind: "aggregate",
  name: ROUTINE,
  traits: {
    returns: "pg_get_function_result(p.oid)",
    step: "g.aggtransfn::regprocedure::text",
    state: "format_type(g.aggtranstype, NULL)",
    final: "CASE WHEN g.aggfinalfn::oid <> 0 THEN g.aggfinalfn::regprocedure::text END",
    initial: "g.agginitval",
    sort: "CASE WHEN g.aggsortop <> 0 THEN g.aggsortop::regoper::text END",
    parallel:
      "CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END",
    ...ownership,
  },
  from: fromRoutines("p.prokind = 'a'", "JOIN pg_aggregate g ON g.aggfnoid = p.oid"),
});

const ENABLED = (column: string) =>
  `CASE ${column} WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' ELSE 'enabled' END`;

const fromTables = (table: string, condition: string) =>
  `FROM ${table} JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${condition} AND ${isOurSchema("n.nspname")} AND ${isNotOfExtension("pg_class", "c.oid")}`;

/** The definition is without the name, to know one that was renamed. */
const TRIGGERS = objects({
  kind: "trigger",
  name: `${TABLE} || '.' || quote_ident(t.tgname)`,
  traits: {
    table: TABLE,
    definition:
      "replace(pg_get_triggerdef(t.oid), ' TRIGGER ' || quote_ident(t.tgname) || ' ', ' TRIGGER ')",
    enabled: ENABLED("t.tgenabled"),
    comment: comment("pg_trigger", "t.oid"),
  },
  from: fromTables("pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid", "NOT t.tgisinternal"),
});

const RULES = objects({
  kind: "rule",
  name: `${TABLE} || '.' || quote_ident(r.rulename)`,
  traits: {
    table: TABLE,
    definition:
      "replace(pg_get_ruledef(r.oid), ' RULE ' || quote_ident(r.rulename) || ' ', ' RULE ')",
    enabled: ENABLED("r.ev_enabled"),
    comment: comment("pg_rewrite", "r.oid"),
  },
  from: fromTables("pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class", "r.rulename <> '_RETURN'"),
});

const POLICIES = objects({
  kind: "policy",
  name: `${TABLE} || '.' || quote_ident(y.polname)`,
  traits: {
    table: TABLE,
    command:
      "CASE y.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END",
    permissive: "y.polpermissive",
    roles: `SELECT string_agg(CASE r.oid WHEN 0 THEN 'PUBLIC' ELSE ${role("r.oid")} END, ', '
      ORDER BY ${role("r.oid")} COLLATE "C") FROM unnest(y.polroles) r (oid)`,
    using: "pg_get_expr(y.polqual, y.polrelid)",
    check: "pg_get_expr(y.polwithcheck, y.polrelid)",
    comment: comment("pg_policy", "y.oid"),
  },
  from: fromTables("pg_policy y JOIN pg_class c ON c.oid = y.polrelid", "true"),
});

const EVENT_TRIGGERS = objects({
  kind: "event trigger",
  name: "quote_ident(v.evtname)",
  traits: {
    event: "v.evtevent",
    function: "v.evtfoid::regprocedure",
    tags: "array_to_string(v.evttags, ', ')",
    enabled: ENABLED("v.evtenabled"),
    owner: role("v.evtowner"),
    comment: comment("pg_event_trigger", "v.oid"),
  },
  from: `FROM pg_event_trigger v WHERE ${isNotOfExtension("pg_event_trigger", "v.oid")}`,
});

/** `pg_roles` without those that initdb makes. A default privilege without a schema counts as its role's. */
const ROLES = objects({
  kind: "role",
  name: "quote_ident(r.rolname)",
  traits: {
    attributes: `concat_ws(' ', CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
      CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolcanlogin THEN 'LOGIN' END,
      CASE WHEN r.rolreplication THEN 'REPLICATION' END, CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
      CASE WHEN NOT r.rolinherit THEN 'NOINHERIT' END)`,
    memberOf: `SELECT string_agg(${role("m.roleid")} || CASE WHEN m.admin_option THEN ' WITH ADMIN OPTION' ELSE '' END, ', '
      ORDER BY ${role("m.roleid")} COLLATE "C") FROM pg_auth_members m WHERE m.member = r.oid`,
    settings: `SELECT string_agg(array_to_string(s.setconfig, ', '), '; ' ORDER BY s.setdatabase)
      FROM pg_db_role_setting s WHERE s.setrole = r.oid`,
    defaultPrivileges: `SELECT string_agg(d.defaclobjtype::text || ' ' || ${grantList("d.defaclacl")}, '; ' ORDER BY d.defaclobjtype)
      FROM pg_default_acl d WHERE d.defaclnamespace = 0 AND d.defaclrole = r.oid`,
    comment: "shobj_description(r.oid, 'pg_authid')",
  },
  from: `FROM pg_roles r WHERE r.oid >= 16384
    OR EXISTS (SELECT 1 FROM pg_default_acl d WHERE d.defaclnamespace = 0 AND d.defaclrole = r.oid)`,
});

export const ROUTINE_QUERIES: readonly string[] = [
  FUNCTIONS,
  AGGREGATES,
  TRIGGERS,
  RULES,
  POLICIES,
  EVENT_TRIGGERS,
  ROLES,
];
