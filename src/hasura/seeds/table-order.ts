/** A foreign key, as far as the order of tables goes. */
export interface Dependency {
  readonly table: string;
  readonly parent: string;
  /** Whether it can be null at first, and filled in when both tables have rows. */
  readonly canWait: boolean;
}

/** Tables in the order in which rows can be put in, and the foreign keys that are filled in afterwards. */
export interface TableOrder<D extends Dependency> {
  readonly tables: readonly string[];
  readonly later: ReadonlySet<D>;
}

/**
 * Parents before children. In a circle, the first table whose foreign keys can all wait goes first; if none can, the first table:
 * the database will tell whether its rows can be made.
 */
export function orderTables<D extends Dependency>(
  tables: readonly string[],
  dependencies: readonly D[],
): TableOrder<D> {
  const left = new Set(tables);
  const order: string[] = [];
  const later = new Set<D>(
    dependencies.filter(({ table, parent, canWait }) => table === parent && canWait),
  );
  const waitingFor = (table: string) =>
    dependencies.filter(
      (one) => one.table === table && one.parent !== table && left.has(one.parent),
    );
  while (left.size > 0) {
    const next = nextOf([...left], waitingFor);
    for (const one of waitingFor(next)) if (one.canWait) later.add(one);
    left.delete(next);
    order.push(next);
  }
  return { tables: order, later };
}

function nextOf(
  left: readonly string[],
  waitingFor: (table: string) => readonly Dependency[],
): string {
  return (
    left.find((table) => waitingFor(table).length === 0) ??
    left.find((table) => waitingFor(table).every(({ canWait }) => canWait)) ??
    left[0] ??
    ""
  );
}
