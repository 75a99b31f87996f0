/** A table as metadata names it. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** A tracked table. What else metadata says of it is kept as it was sent. */
interface TrackedTable {
  readonly table: TableName;
  readonly configuration?: { readonly column_config?: Readonly<Record<string, unknown>> };
  readonly [key: string]: unknown;
}

/** A database that Hasura serves. */
export interface MetadataSource {
  readonly name: string;
  readonly kind: string;
  readonly tables: readonly TrackedTable[];
  readonly configuration?: unknown;
  readonly [key: string]: unknown;
}

/** Hasura's metadata, version 3. */
export interface Metadata {
  readonly version: 3;
  readonly sources: readonly MetadataSource[];
  readonly [key: string]: unknown;
}

/** What metadata says and the database no longer holds. */
export interface InconsistentObject {
  readonly type: "table";
  readonly name: string;
  readonly reason: string;
  readonly definition: TableName;
}

/** The tables and views of a database, and their columns: `public.students` to `id`, `name`. */
export type Catalogue = ReadonlyMap<string, ReadonlySet<string>>;

export const EMPTY_METADATA: Metadata = {
  version: 3,
  sources: [{ name: "default", kind: "postgres", tables: [] }],
};

/** What of a source is inconsistent: tables that are gone, and columns that a permission or a configuration still names. */
export function inconsistenciesOf(
  source: MetadataSource,
  catalogue: Catalogue,
): readonly InconsistentObject[] {
  return source.tables.flatMap((tracked) => {
    const columns = catalogue.get(keyOf(tracked.table));
    const reason =
      columns === undefined
        ? `no such table/view exists in source: ${JSON.stringify(plainName(tracked.table))}`
        : missingColumn(tracked, columns);
    if (reason === undefined) return [];
    return [
      {
        type: "table",
        name: `table ${plainName(tracked.table)} in source ${source.name}`,
        reason: `Inconsistent object: ${reason}`,
        definition: tracked.table,
      },
    ];
  });
}

export function keyOf({ schema, name }: TableName): string {
  return `${schema}.${name}`;
}

function plainName({ schema, name }: TableName): string {
  return schema === "public" ? name : `${schema}.${name}`;
}

function missingColumn(tracked: TrackedTable, columns: ReadonlySet<string>): string | undefined {
  const missing = namedColumns(tracked).find((column) => !columns.has(column));
  return missing === undefined
    ? undefined
    : `column ${JSON.stringify(missing)} does not exist in table ${JSON.stringify(plainName(tracked.table))}`;
}

/** Columns that metadata speaks of: in a configuration, or in a permission's list. */
function namedColumns(tracked: TrackedTable): readonly string[] {
  const configured = Object.keys(tracked.configuration?.column_config ?? {});
  const permitted = PERMISSIONS.flatMap((kind) => listOf(tracked[kind])).flatMap((one) =>
    listOf((one as { readonly permission?: { readonly columns?: unknown } }).permission?.columns),
  );
  return [
    ...configured,
    ...permitted.filter((column) => typeof column === "string" && column !== "*"),
  ] as string[];
}

const PERMISSIONS = ["select_permissions", "insert_permissions", "update_permissions"] as const;

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
