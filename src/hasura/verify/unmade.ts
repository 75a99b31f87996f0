import type { SqlError } from "../scratch/scratch.js";
import { parseStatements, type Statement } from "../sql/statements.js";
import { walk } from "../sql/syntax-tree.js";
import { words } from "../sql/touched-tables.js";

/** A migration whose up could not run, and the names that it would have made. */
export interface Unmade {
  readonly label: string;
  readonly names: ReadonlySet<string>;
}

/** Every name that a text brings into being, by its last word: tables, columns, types, functions and all else. */
export async function namesMadeBy(sql: string): Promise<ReadonlySet<string>> {
  const { statements = [] } = await parseStatements(sql);
  const schemas = statements.map(({ node }) => node["schemaname"]);
  const names = [...statements.flatMap(madeNames), ...schemas];
  return new Set(names.filter((name) => typeof name === "string"));
}

/** The migration that would have made what an error misses, if one of these would. */
export function whoseLack(error: SqlError, unmade: readonly Unmade[]): Unmade | undefined {
  const missing = missingName(error);
  if (missing === undefined) return undefined;
  return unmade.findLast(({ names }) => names.has(missing));
}

/** SQLSTATEs for what is not there; 22P02 also for a value that an enum lacks. */
const MISSING: ReadonlySet<string> = new Set([
  "42P01",
  "42703",
  "42704",
  "42883",
  "3F000",
  "22P02",
  "42P10",
]);

/** `column "x" of relation "t"`, `column t.x`, `relation "s.t"`, `function s.f(integer)`, `enum mood: "new"`: `x`, `x`, `t`, `f`, `new`. */
function missingName({ sqlState, message }: SqlError): string | undefined {
  if (!MISSING.has(sqlState)) return undefined;
  const label = /^invalid input value for enum .*: "(.*)"$/s.exec(message)?.[1];
  if (sqlState === "22P02") return label;
  const called = /^(?:function|procedure|aggregate|column) (?!")([^\s(]+)/.exec(message)?.[1];
  const named = called ?? /"([^"]+)"/.exec(message)?.[1];
  return named?.split(".").at(-1)?.replaceAll('"', "");
}

function madeNames({ kind, node }: Statement): readonly string[] {
  const names: string[] = [];
  walk(FIELDS_OF[kind]?.map((field) => node[field]) ?? [], (part) => {
    if (typeof part["relname"] === "string") names.push(part["relname"]);
  });
  if (MAKING.test(kind)) {
    walk(node, (part) => {
      for (const field of NAMED) if (typeof part[field] === "string") names.push(part[field]);
    });
  }
  if (kind.startsWith("Create"))
    for (const field of LISTED) names.push(...words(node[field]).slice(-1));
  return names;
}

const MAKING = /^(?:Create|Composite|View|Index|AlterTable|AlterEnum|Rename|Rule)/;

/** Where a statement names the relation that it makes. */
const FIELDS_OF: Readonly<Record<string, readonly string[]>> = {
  CreateStmt: ["relation"],
  CreateForeignTableStmt: ["base"],
  CreateTableAsStmt: ["into"],
  CreateSeqStmt: ["sequence"],
  CompositeTypeStmt: ["typevar"],
  ViewStmt: ["view"],
};

/** The fields in which a syntax tree keeps the name of what is made; a list of words where it can be qualified. */
const NAMED = [
  "colname",
  "conname",
  "extname",
  "idxname",
  "newVal",
  "newname",
  "policy_name",
  "role",
  "rulename",
  "trigname",
];
const LISTED = ["funcname", "typeName", "domainname", "defnames"];
