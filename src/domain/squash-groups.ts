import { type Migration, migrationLabel } from "./migration.js";
import type { AddedValue, TransactionTraits } from "./transaction-traits.js";

/** What both files of a migration do to a transaction. */
export interface MigrationTraits {
  readonly up: TransactionTraits;
  readonly down: TransactionTraits;
}
export type TraitsOf = (migration: Migration) => MigrationTraits;

/** Neighbours that one transaction can hold, and why it could not hold the one before as well. */
export interface TransactionGroup {
  readonly migrations: readonly Migration[];
  /** Why it begins here: a sentence without its full stop. Not given for the first. */
  readonly split?: string;
}

/**
 * Cuts a range into the fewest runs of neighbours, from the first on, that can each be one transaction: upwards in order and
 * downwards in reverse. Nothing is left out and the order is kept. `deferredTables` are those on which migrations put checks that
 * wait for the end of a transaction.
 */
export function transactionGroups(
  range: readonly Migration[],
  traitsOf: TraitsOf,
  deferredTables: ReadonlySet<string>,
): readonly TransactionGroup[] {
  const groups: { migrations: Migration[]; split?: string }[] = [];
  for (const migration of range) {
    const current = groups.at(-1);
    const split = current && whyNotWith(current.migrations, migration, traitsOf, deferredTables);
    if (current && split === undefined) current.migrations.push(migration);
    else groups.push({ migrations: [migration], ...(split === undefined ? {} : { split }) });
  }
  return groups;
}

function whyNotWith(
  group: readonly Migration[],
  migration: Migration,
  traitsOf: TraitsOf,
  deferredTables: ReadonlySet<string>,
): string | undefined {
  // Of several in a group, none is one that must be alone: the first says it for all.
  for (const member of [...group.slice(0, 1), migration]) {
    const alone = whyAlone(member, traitsOf(member));
    if (alone !== undefined) return alone;
  }
  const own = traitsOf(migration);
  for (const member of group) {
    const upwards = conflict(traitsOf(member).up, own.up, deferredTables);
    if (upwards !== undefined) return `the up of ${migrationLabel(member)} ${upwards}`;
    const downwards = conflict(own.down, traitsOf(member).down, deferredTables);
    if (downwards !== undefined) return `the down of ${migrationLabel(migration)} ${downwards}`;
  }
  return undefined;
}

function whyAlone(migration: Migration, traits: MigrationTraits): string | undefined {
  const [up] = traits.up.alone;
  const [down] = traits.down.alone;
  if (up) return `${place(migration, "up", up.line)}: ${up.words}`;
  return down && `${place(migration, "down", down.line)}: ${down.words}`;
}

function place(migration: Migration, direction: "up" | "down", line: number): string {
  return `${migration[direction]?.path ?? migrationLabel(migration)}:${line}`;
}

/** Why `later` cannot run in the transaction of `earlier`, as the end of a sentence about `earlier`. */
function conflict(
  earlier: TransactionTraits,
  later: TransactionTraits,
  deferredTables: ReadonlySet<string>,
): string | undefined {
  const [added] = earlier.addedValues;
  // Also where the later file does not name the value: a cast of a column's text uses it as well. (55P04)
  if (added) return valueNotYet(added);
  const [waiting] = later.altersUnknown
    ? deferredTables
    : later.alteredTables.filter((table) => deferredTables.has(table));
  if (!earlier.changesRows || waiting === undefined) return undefined;
  // The checks that wait keep the table from being altered. (55006)
  return `may leave checks waiting for the end of its transaction, and until then ${waiting} cannot be altered`;
}

function valueNotYet({ type, value }: AddedValue): string {
  return `adds '${value}' to ${type}, which can be used only after the transaction that adds it`;
}
