import type { Migration } from "#src/domain/migration.js";
import { planSquash } from "#src/domain/squash-plan.js";
import type { Scratch } from "#src/hasura/scratch/scratch.js";
import { migrationTraits } from "#src/hasura/sql/transaction-traits.js";
import { proveSquash } from "#src/hasura/squash/prove.js";
import { sqlFile } from "./verdict-of.js";

/** `apart`: not all of them in one file, with what was said against it. */
export type SquashOutcome =
  | { readonly kind: "proven"; readonly up: string; readonly down: string }
  | { readonly kind: "apart"; readonly reasons: readonly string[] };

/** What becomes of migrations, each known to be right, that are to be one: planned, and proven over the rows of `before`. */
export async function squashOutcome(
  scratch: Scratch,
  migrations: readonly Migration[],
  before = "",
): Promise<SquashOutcome> {
  const traits = await Promise.all(
    migrations.map(async (one) => [one.version, await migrationTraits(one)] as const),
  );
  const plan = planSquash({
    migrations,
    from: migrations[0]?.version ?? "",
    name: "all",
    policy: { kind: "last" },
    acceptedLosses: [],
    traits: new Map(traits),
    verdicts: new Map(migrations.map(({ version }) => [version, { kind: "exact" }])),
    records: new Map(),
  });
  if (plan.kind === "refused") {
    return { kind: "apart", reasons: plan.troubles.map(({ happened }) => happened) };
  }
  const [squash, another] = plan.groups;
  if (squash?.kind !== "squash" || another !== undefined) {
    const reasons = plan.groups.map((group) =>
      group.kind === "kept" ? group.why : (group.split ?? ""),
    );
    return { kind: "apart", reasons };
  }
  const prelude = before === "" ? undefined : sqlFile("prelude.sql", before);
  const question = { before: [], parts: squash.parts, squash, prelude, seeds: [] };
  const answer = await proveSquash(scratch, question);
  if (answer.kind === "refuted") return { kind: "apart", reasons: answer.reasons };
  return { kind: "proven", up: squash.up, down: squash.down };
}
