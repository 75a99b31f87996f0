import type { WantedTable } from "./source-server.js";

interface Named {
  readonly name: string;
}

/** What a job means by a name: the one written so, or else the only one that differs in nothing but case. Throws if there are two. */
export function findNamed<One extends Named>(
  kind: "Column" | "Table",
  all: readonly One[],
  name: string,
): One | undefined {
  const alike = all.filter((one) => isAlike(one.name, name));
  const exact = alike.find((one) => one.name === name);
  if (exact === undefined && alike.length > 1) throw alikeButForCase(kind, alike);
  return exact ?? alike[0];
}

/** The columns that a job wants, each once. Throws for one that does not exist, and for two whose names differ only in case. */
export function chooseColumns<Column extends Named & { readonly isHidden?: boolean }>(
  columns: readonly Column[],
  { schema, name: table, columns: wanted }: WantedTable,
): readonly Column[] {
  const named = (name: string) => {
    const found = findNamed("Column", columns, name);
    if (found !== undefined) return found;
    throw new Error(`Column "${name}" does not exist in ${schema}.${table}`);
  };
  const visible = columns.filter((column) => column.isHidden !== true);
  const chosen = [...new Set(wanted?.map(named) ?? visible)];
  if (chosen.length === 0) throw new Error(`Table ${schema}.${table} has no columns`);
  for (const { name } of chosen) {
    const alike = chosen.filter((one) => isAlike(one.name, name));
    if (alike.length > 1) throw alikeButForCase("Column", alike);
  }
  return chosen;
}

function isAlike(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function alikeButForCase(kind: "Column" | "Table", alike: readonly Named[]): Error {
  const names = alike.map(({ name }) => `"${name}"`).join(" and ");
  return new Error(
    `${kind}s ${names} differ only in case, which the destination does not tell apart`,
  );
}
