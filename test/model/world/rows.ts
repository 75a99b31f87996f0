export type Cell = number | string | null;
type Cells = Readonly<Record<string, Cell>>;

/** Why a second copy of a version is not the change's doing: Maestro itself brings some versions again. */
export type Excuse = "ordinary" | "state cleared by a patch" | "state cut to whole seconds";

/** A row of a destination table, or of a back-up. */
export interface Row {
  readonly cells: Cells;
  readonly excuse?: Excuse | undefined;
}

/** The columns of the destination that tell a version of a row. */
export const KEY = "ID";
export const CURSOR = "UPDATED_AT";

/** Key and cursor of a row: one version of it. */
export function pairOf({ cells }: Row): string {
  return `${cells[KEY]}@${cells[CURSOR]}`;
}
