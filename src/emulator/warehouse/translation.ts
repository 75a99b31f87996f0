import type { Binds } from "./binds.js";
import type { CatalogueObject, CatalogueTable, CatalogueView } from "./catalogue.js";
import { notEmulated, unexpected } from "./errors.js";
import { column } from "./identifiers.js";
import type { QueryRows } from "./result-columns.js";
import { TokenReader } from "./token-reader.js";

export type Privilege = "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "TRUNCATE" | "OWNERSHIP";

/** Who asks, and in what surroundings: what Snowflake's context functions answer. */
export interface Environment {
  readonly user: string;
  readonly role: string;
  readonly database: string | undefined;
  readonly schema: string | undefined;
  readonly warehouse: string | undefined;
  readonly session: string;
  readonly lastQueryId: string | undefined;
  readonly now: Date;
  /** The transaction whose uncommitted rows are seen. */
  readonly transaction: number;
  /** Finds an object by a name of one to three parts, and refuses it to those who may not use it so. */
  readonly resolve: (path: readonly string[], privilege: Privilege) => CatalogueObject;
  /** The same surroundings for a view's text: it reads with its owner's rights, in its own schema. */
  readonly asOwnerOf: (view: CatalogueView) => Environment;
  /** What a query of the same user brought, or undefined where there is none. */
  readonly resultOf: (queryId: string) => QueryRows | undefined;
  /** The rows of a table of INFORMATION_SCHEMA, or undefined where the name means something else. */
  readonly informationSchema: (path: readonly string[]) => string | undefined;
}

/** A piece of DuckDB SQL, and what its Snowflake text plainly was, where that matters. */
export interface Fragment {
  readonly sql: string;
  /** The value of a string literal (or of a bound text). */
  readonly text?: string;
  /** The name of a column that stands there alone. */
  readonly column?: string;
}

/** Where the columns of a result may come from. */
export interface Sources {
  /** The tables, and results of earlier queries, that the statement read so far; one that is read twice is there twice. */
  readonly tables: (CatalogueTable | QueryRows)[];
  /** Names that the statement gives to something else than the column of that name. */
  readonly computed: Set<string>;
}

/** A statement on its way from Snowflake's SQL to DuckDB's. Its parts call each other through it. */
export interface Translation {
  readonly reader: TokenReader;
  readonly binds: Binds;
  readonly environment: Environment;
  /** Prefix of the functions that DuckDB was taught. */
  readonly taught: string;
  /** Names that WITH gave, innermost last. */
  readonly commonTables: string[][];
  readonly sources: Sources;
  /** The views that it reads, each with the query that it now stands for. */
  readonly views: { readonly view: CatalogueView; readonly query: string }[];
  readonly query: () => string;
  readonly expression: () => Fragment;
  /** Translates an expression that is kept as text, such as a column's default. */
  readonly translate: (text: string) => string;
  /** Resolves a table, view or common table to something that can stand after FROM. */
  readonly relation: (path: readonly string[]) => string;
}

/** The name of an object; `IDENTIFIER(?)` is read as a name and as nothing else. */
export function readObjectPath(t: Translation): readonly string[] {
  if (!t.reader.sees("IDENTIFIER", "(")) return t.reader.path();
  t.reader.next();
  const { text } = t.reader.parenthesized(() => readLiteral(t));
  if (text === undefined) throw notEmulated("IDENTIFIER of something that is not a text");
  const inner = new TokenReader(text);
  const path = inner.path();
  inner.end();
  return path;
}

/** A string literal or a bound value. */
export function readLiteral(t: Translation): Fragment {
  const token = t.reader.peek();
  if (token.kind === "bind") return readBind(t);
  const text = t.reader.text();
  return { sql: `'${text.replaceAll("'", "''")}'`, text };
}

export function readBind(t: Translation): Fragment {
  const token = t.reader.next();
  const bound = t.binds.at(Number(token.text));
  if (bound === undefined) throw unexpected("?", token.start);
  return bound;
}

/** `a.b.c` names column `c` of what is known as `b`: how that was found no longer matters. */
export function columnPath(path: readonly string[]): string {
  return path.slice(-2).map(column).join(".");
}
