/** A SELECT of three columns: the kind, the name, and a JSON object of the traits, each a text or null. */
export function objects({ kind, name, traits, from }: ObjectsQuery): string {
  const pairs = Object.entries(traits).map(([trait, sql]) => `'${trait}', (${sql})::text`);
  return `SELECT '${kind}' AS kind, ${name} AS name, json_build_object(${pairs.join(", ")})::text AS traits ${from}`;
}

interface ObjectsQuery {
  readonly kind: string;
  /** SQL of a name as people write it. */
  readonly name: string;
  /** SQL of each trait. */
  readonly traits: Readonly<Record<string, string>>;
  readonly from: string;
}

/** The name with its schema, which is left out where it is `public`. */
export function qualified(schema: string, name: string): string {
  return `CASE ${schema} WHEN 'public' THEN '' ELSE quote_ident(${schema}) || '.' END || quote_ident(${name})`;
}

/** Not PostgreSQL's own, not Hasura's. */
export function isOurSchema(schema: string): string {
  return `${schema} NOT LIKE 'pg\\_%' AND ${schema} NOT IN ('information_schema', 'hdb_catalog')`;
}

/** Made by nobody's CREATE EXTENSION (`pg_depend`, type `e`). */
export function isNotOfExtension(catalogue: string, oid: string): string {
  return `NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = '${catalogue}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;
}

export function comment(catalogue: string, oid: string): string {
  return `obj_description(${oid}, '${catalogue}')`;
}

export function role(oid: string): string {
  return `pg_get_userbyid(${oid})`;
}

/**
 * Who may do what, sorted; null where it is as PostgreSQL makes it. MAINTAIN, which an owner has from version 17 on, is left out.
 * @param type As `acldefault` takes it.
 */
export function grants(acl: string, type: string, owner: string): string {
  return grantsBut(acl, `acldefault('${type}', ${owner})`);
}

/** The same where the default is not PostgreSQL's `acldefault`. What was taken away from it begins with `not`. */
export function grantsBut(acl: string, usual: string): string {
  const list = "string_agg(w || g, ', ' ORDER BY (w || g) COLLATE \"C\")";
  return `CASE WHEN ${acl} IS NOT NULL THEN (SELECT ${list} FROM (
    (SELECT '' AS w, ${GRANT} AS g ${grantsIn(acl)} EXCEPT SELECT '', ${GRANT} ${grantsIn(usual)})
    UNION ALL (SELECT 'not ', ${GRANT} ${grantsIn(usual)} EXCEPT SELECT 'not ', ${GRANT} ${grantsIn(acl)})) changed) END`;
}

export function grantList(acl: string): string {
  return `(SELECT string_agg(${GRANT}, ', ' ORDER BY (${GRANT}) COLLATE "C") ${grantsIn(acl)})`;
}

const GRANT = `CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee) END || ': ' || g.privilege_type
  || CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END`;

function grantsIn(acl: string): string {
  return `FROM aclexplode(${acl}) g WHERE g.privilege_type <> 'MAINTAIN'`;
}

/** `reloptions` and the like, sorted. */
export function options(array: string): string {
  return `(SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(${array}) o)`;
}
