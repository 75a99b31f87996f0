/** What the values of a column are chosen by: its type, down to what PostgreSQL itself defines. */
export type SeedType =
  | ScalarType
  | { readonly kind: "enum"; readonly labels: readonly string[] }
  | { readonly kind: "array"; readonly of: SeedType }
  | { readonly kind: "composite"; readonly attributes: readonly SeedType[] }
  | { readonly kind: "range"; readonly of: SeedType }
  | { readonly kind: "multirange"; readonly of: SeedType }
  | DomainType;

/** A type by its name in `pg_type`: `text`, `int4`, `citext`; its modifiers as written: `numeric(5,2)` has 5 and 2. */
export interface ScalarType {
  readonly kind: "scalar";
  readonly name: string;
  readonly modifiers: readonly number[];
}

interface DomainType {
  readonly kind: "domain";
  readonly of: SeedType;
  /** What it is a domain of, as PostgreSQL writes it: `character varying(20)`. */
  readonly ofName: string;
  readonly notNull: boolean;
  /** Each CHECK as PostgreSQL writes it, the value named VALUE: `(VALUE > 0)`. */
  readonly checks: readonly string[];
}

/** The numbers in brackets of a type as `format_type` writes it: `character varying(20)`, `numeric(5,2)`. */
export function readModifiers(written: string): readonly number[] {
  const inBrackets = /\((-?\d+)(?:,(-?\d+))?\)/.exec(written)?.slice(1) ?? [];
  return inBrackets.filter((text) => text !== undefined).map(Number);
}
