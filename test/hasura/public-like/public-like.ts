import type { Status } from "../corpus/shape.js";
import { missing, nothingToRun } from "../words.js";
import { columnRecipes } from "./column-recipes.js";
import { draftOf, MISSING_ROW, type Need, preludeOf, tablesForMissingRow } from "./needs.js";
import { objectRecipes } from "./object-recipes.js";
import { rowRecipes } from "./row-recipes.js";
import { tableRecipes } from "./table-recipes.js";
import { type Draft, type Fault, pick, type Random, randomFrom, type World } from "./world.js";

export interface PublicLikeOptions {
  readonly seed: number;
  /** How many, over all databases. */
  readonly migrations: number;
  /** Share of wrong downs; a third by default, as measured. */
  readonly wrong?: number;
  /** Nested by default. */
  readonly layout?: "nested" | "flat" | "mixed";
  /** Config v3 by default. */
  readonly config?: 2 | 3;
  /** `default` alone by default; config v2 knows only that. */
  readonly databases?: readonly string[];
  /** Of the first database. */
  readonly needs?: readonly Need[];
}

export interface PublicProject {
  readonly config: 2 | 3;
  readonly databases: readonly string[];
  readonly migrations: readonly PublicMigration[];
  /** What has to stand in the first database before its first migration; empty if nothing. */
  readonly prelude: string;
}

export interface PublicMigration {
  readonly database: string;
  /** 13 digits, each greater than the one before. */
  readonly version: string;
  readonly name: string;
  readonly layout: "nested" | "flat";
  readonly up: string;
  readonly down?: string;
  /** SQL that makes the row which this migration needs and no migration makes: to be run just before it. */
  readonly needsRow?: string;
  readonly status: Status;
  readonly fault?: Fault;
  /** What must be named of its fault. */
  readonly words: readonly string[];
}

/** A project as public repositories have them; the same for the same options. */
export function publicLike(options: PublicLikeOptions): PublicProject {
  const { config = 3, needs = [] } = options;
  const databases = config === 2 ? ["default"] : (options.databases ?? ["default"]);
  const random = randomFrom(options.seed);
  const counts = databases.map((_, index) =>
    Math.floor((options.migrations + databases.length - 1 - index) / databases.length),
  );
  const drawn = databases.flatMap((database, index) =>
    draw(options, counts[index] ?? 0, index === 0 ? needs : [], random).map((each) => ({
      ...each,
      database,
    })),
  );
  const migrations = drawn.map((each, index) => ({
    ...each,
    version: versionOf(index),
    layout: layoutOf(options.layout ?? "nested", random),
  }));
  return { config, databases, migrations, prelude: preludeOf(needs) };
}

type Drawn = Omit<PublicMigration, "database" | "version" | "layout">;

function draw(
  { wrong = 1 / 3 }: PublicLikeOptions,
  count: number,
  needs: readonly Need[],
  random: Random,
): readonly Drawn[] {
  const drawn: Drawn[] = [];
  const forced = needs.flatMap((need) =>
    need === "missing row" ? [tablesForMissingRow, forNeed(need)] : [forNeed(need)],
  );
  let world: World = { tables: [], views: [], functions: [], named: 1 };
  while (drawn.length < count) {
    const due = drawn.length >= count - forced.length ? forced.shift() : undefined;
    const draft = due?.(world) ?? undefined;
    if (draft === undefined) {
      const step = drawFrom(world, random() < wrong ? faultOf(random) : undefined, random);
      drawn.push(step.migration);
      world = step.next;
    } else {
      drawn.push(asRight(draft));
    }
  }
  return drawn;
}

function forNeed(need: Need): (world: World) => Draft {
  return (world) => draftOf(need, world);
}

function asRight(draft: Draft): Drawn {
  const { name, up, down } = draft;
  const row = name === "insert_into_plans" ? { needsRow: MISSING_ROW } : {};
  return { name, up, ...(down === undefined ? {} : { down }), ...row, status: "exact", words: [] };
}

const RECIPES = [...tableRecipes, ...columnRecipes, ...objectRecipes, ...rowRecipes];

/** Tries recipes until one offers the fault that is due; a table to begin with makes most of them possible. */
function drawFrom(
  world: World,
  fault: Fault | undefined,
  random: Random,
): { readonly migration: Drawn; readonly next: World } {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const draft = pick(RECIPES, random)?.(world, random);
    const migration = draft && migrationOf(draft, fault, random);
    if (draft !== undefined && migration !== undefined) return { migration, next: draft.next };
  }
  return drawFrom(world, undefined, random);
}

function migrationOf(draft: Draft, fault: Fault | undefined, random: Random): Drawn | undefined {
  const { name, up } = draft;
  if (fault === undefined) return draft.down === undefined ? undefined : asRight(draft);
  if (fault === "missing") return { name, up, status: "broken", fault, words: [missing("down")] };
  if (fault === "comments") {
    const down = commentsOf(up);
    return { name, up, down, status: "broken", fault, words: [nothingToRun("down")] };
  }
  const wrong = pick(
    draft.wrong.filter((each) => each.fault === fault),
    random,
  );
  return wrong && { name, up, ...wrong };
}

/** As the console writes them. */
function commentsOf(up: string): string {
  const lines = up.trimEnd().split("\n");
  const commented = lines.map((line) => `-- ${line}`).join("\n");
  return `-- Could not auto-generate a down migration.\n-- Please write an appropriate down migration for the SQL below:\n${commented}\n`;
}

/** How often each fault was met in public folders. */
const FAULTS: readonly (readonly [Fault, number])[] = [
  ["another schema", 127],
  ["failing", 104],
  ["comments", 90],
  ["rows", 21],
  ["position", 10],
  ["missing", 5],
];

function faultOf(random: Random): Fault {
  const total = FAULTS.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random() * total;
  for (const [fault, weight] of FAULTS) {
    left -= weight;
    if (left < 0) return fault;
  }
  return "another schema";
}

function versionOf(index: number): string {
  return String(1_600_000_000_000 + index * 86_400_123);
}

function layoutOf(layout: "nested" | "flat" | "mixed", random: Random): "nested" | "flat" {
  if (layout === "mixed") return random() < 0.5 ? "nested" : "flat";
  return layout;
}
