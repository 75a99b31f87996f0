/** What one SQL file does that matters when it shares a transaction with other files. Lines count from 1, in the file. */
export interface TransactionTraits {
  /** It holds no statement: comments and blanks only. Hasura answers `EmptyQuery`. */
  readonly isEmpty: boolean;
  /** Its last statement has no `;`, so that a text behind it would become a part of it. */
  readonly isOpen: boolean;
  /** Why it must have its transaction, or its lack of one, to itself. */
  readonly alone: readonly TraitFinding[];
  /** Settings that it changes for the session or for the transaction, by name, and that `RESET` restores. */
  readonly settings: readonly string[];
  /**
   * Values it adds to enums. They can be used only after the transaction that added them; before PostgreSQL 17 also where the same
   * transaction made the enum.
   */
  readonly addedValues: readonly AddedValue[];
  /** Tables on which it puts checks that wait for the end of the transaction. */
  readonly deferredTables: readonly string[];
  /** It changes rows, or calls something that may. */
  readonly changesRows: boolean;
  /** Tables whose definition it changes. */
  readonly alteredTables: readonly string[];
  /** It runs a block of code, which may change the definition of any table. */
  readonly altersUnknown: boolean;
}

export interface TraitFinding {
  readonly line: number;
  /** For people, as the end of a sentence: `CREATE INDEX CONCURRENTLY cannot run in a transaction with anything else`. */
  readonly words: string;
}

export interface AddedValue {
  readonly line: number;
  readonly type: string;
  readonly value: string;
}
