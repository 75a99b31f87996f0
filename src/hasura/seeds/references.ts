import type { ForeignKey, SeedTable } from "./seed-catalogue.js";
import type { Dependency } from "./table-order.js";

/** A foreign key of a table that is seeded. */
export interface Reference extends Dependency {
  /** The table as SQL, in quotes. */
  readonly tableSql: string;
  readonly foreignKey: ForeignKey;
  /** Those of its columns that can be null. */
  readonly nullable: readonly string[];
  /** Counted among the foreign keys of its table that refer to the same parent. */
  readonly number: number;
}

/** The foreign keys of a table. */
export function referencesOf(table: SeedTable): readonly Reference[] {
  const canBeNull = new Set(
    table.columns.filter(({ isNullable }) => isNullable).map(({ name }) => name),
  );
  return table.foreignKeys.map((foreignKey, index) => {
    const nullable = foreignKey.columns.filter((column) => canBeNull.has(column));
    const before = table.foreignKeys.slice(0, index);
    return {
      table: table.name,
      tableSql: table.sql,
      parent: foreignKey.parent,
      canWait: nullable.length > 0,
      foreignKey,
      nullable,
      number: before.filter(({ parent }) => parent === foreignKey.parent).length,
    };
  });
}
