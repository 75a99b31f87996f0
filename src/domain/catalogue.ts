/** What a database may hold that a migration can change. */
export type ObjectKind =
  | "schema"
  | "extension"
  | "table"
  | "column"
  | "constraint"
  | "index"
  | "sequence"
  | "enum"
  | "domain"
  | "type"
  | "view"
  | "materialized view"
  | "function"
  | "aggregate"
  | "trigger"
  | "event trigger"
  | "rule"
  | "policy"
  | "cast"
  | "collation"
  | "role";

/** One object of a database, with everything about it that is compared. */
export interface CatalogueObject {
  readonly kind: ObjectKind;
  /** As people write it, the schema left out where it is `public`; alone of its kind: `students.score`, `sales.orders`, `touch(integer)`. */
  readonly name: string;
  /** What is compared, as text: `{ type: "numeric", notNull: "true", default: null, position: "3", comment: null, … }`. */
  readonly traits: Readonly<Record<string, string | null>>;
}

/** The rows of one table, each value as PostgreSQL writes it in text. */
export interface TableRows {
  /** As in the objects. */
  readonly table: string;
  /** The columns of the primary key; none if it has no such key. */
  readonly key: readonly string[];
  readonly rows: readonly Row[];
}
export type Row = Readonly<Record<string, string | null>>;

/** What a database looks like: schema and rows. Hasura's own `hdb_catalog` and what belongs to extensions are left out. */
export interface Snapshot {
  readonly objects: readonly CatalogueObject[];
  readonly rows: readonly TableRows[];
}

/** One thing in which two snapshots differ. */
export interface Difference {
  /** `position`: the order of columns, which no ALTER TABLE can restore. */
  readonly aspect: "schema" | "position" | "rows";
  /** What differs, by name, as in the objects: `students.score`, or `students` where whole rows differ. */
  readonly object: string;
  /** For people, the object's name first: `students.score: NOT NULL was lost`, `students.score: 6 of 6 values became null`. */
  readonly words: string;
  /** How many rows differ, of how many that were there before; for the aspect `rows`. */
  readonly count?: number;
  readonly of?: number;
}
