import { z } from "zod";

const text = z.string().min(1);

/** A table at the source. What a forecast knows beyond names and types says which migration to look at. */
export const sourceTable = z
  .looseObject({
    columns: z
      .array(
        z.looseObject({
          name: text,
          /** As PostgreSQL writes it: `numeric(10,2)`. */
          type: text,
          /** The migration that last made, renamed or retyped it. */
          migration: text.optional(),
        }),
      )
      .readonly(),
    /** Columns that a migration took away, or gave another name. */
    removed: z
      .array(z.looseObject({ name: text, migration: text }))
      .readonly()
      .optional(),
  })
  .readonly();
export type SourceTable = z.infer<typeof sourceTable>;
/** By schema and name: `public.students`. */
export type SourceTables = Readonly<Record<string, SourceTable>>;

/** The same in a state: names and types, and nothing else. */
const columnTypes = z.record(z.string(), z.string()).readonly();

/** What a program says of a job's source table: names, or a table of `MigrationHistory.tables`. */
export const sourceColumns = z.union([z.array(text.max(255)).readonly(), sourceTable, columnTypes]);
export type SourceColumns = z.infer<typeof sourceColumns>;

/** The columns of a source table, whichever way it is described. */
export function columnsOf(source: SourceColumns): readonly SourceColumn[] {
  if (isNames(source)) return source.map((name) => ({ name }));
  if (isTable(source)) return source.columns;
  return Object.entries(source).map(([name, type]) => ({ name, type }));
}

export interface SourceColumn {
  readonly name: string;
  readonly type?: string | undefined;
  /** The migration that last made, renamed or retyped it. */
  readonly migration?: string | undefined;
}

/** The migration that took a column away or renamed it, where that is known. */
export function removerOf(source: SourceColumns, name: string): string | undefined {
  const removed = isTable(source) ? source.removed : [];
  return removed?.findLast((column) => column.name === name)?.migration;
}

/** True where only names are known: enough for what is added, and silent about what is lost. */
export function isNames(source: SourceColumns): source is readonly string[] {
  return Array.isArray(source);
}

/** As small as a state should hold it. */
export function compacted(source: SourceColumns): SourceColumns {
  if (!isTable(source)) return source;
  return Object.fromEntries(source.columns.map(({ name, type }) => [name, type]));
}

function isTable(source: SourceColumns): source is SourceTable {
  return !isNames(source) && Array.isArray(source["columns"]);
}
