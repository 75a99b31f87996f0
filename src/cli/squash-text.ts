import type { Trouble } from "../domain/errors.js";
import { migrationLabel } from "../domain/migration.js";
import type { KeptMigration, Squash } from "../domain/squash-plan.js";
import type { SquashRecord } from "../domain/squash-record.js";
import { countText } from "./migrations-text.js";

interface ProvenGroup {
  readonly kind: "squash";
  readonly squash: Squash;
  readonly record: SquashRecord;
}

/** What a range becomes, and what proves it. */
export function provenText(
  groups: readonly (ProvenGroup | KeptMigration)[],
  folder: string,
): string {
  const lines = groups.flatMap((group) =>
    group.kind === "kept" ? keptLines(group) : squashLines(group),
  );
  return [`${folder}:`, "", ...lines, ""].join("\n");
}

function keptLines({ migration, why }: KeptMigration): readonly string[] {
  return [`  stays    ${migrationLabel(migration)}`, `           ${why}`];
}

function squashLines({ squash, record }: ProvenGroup): readonly string[] {
  const { parts, split } = squash;
  return [
    `  squash   ${migrationLabel(squash)}  from ${countText(parts.length, "migration")}`,
    ...parts.map((part) => `             ${migrationLabel(part)}`),
    ...(split === undefined ? [] : [`           apart from what stands before it: ${split}`]),
    ...record.proofs.flatMap(proofLines),
  ];
}

function proofLines({ engine, tables, rows, losses, prelude }: SquashRecord["proofs"][number]) {
  const over = `over ${countText(rows, "row")} in ${countText(tables, "table")}`;
  return [
    `  proven   on ${engine}: up, down and up again as its parts do, ${over}${prelude === null ? "" : ", after the prelude"}`,
    ...losses.map((loss) => `           its down does not give back: ${loss}`),
  ];
}

export function refutedText({
  squash,
  engine,
  reasons,
}: {
  readonly squash: Squash;
  readonly engine: string;
  readonly reasons: readonly string[];
}): string {
  return [
    `Did not squash into ${migrationLabel(squash)}: in one transaction its parts do something else (${engine}).`,
    ...reasons.map((reason) => `  ${reason}`),
    "Nothing was changed.",
    "Name a smaller range with --from and --to, or keep the migration that differs out of it.",
    "",
  ].join("\n");
}

export function troublesText(troubles: readonly Trouble[]): string {
  return troubles.map(({ happened, now, next }) => `${happened}\n${now}\n${next}\n`).join("\n");
}
