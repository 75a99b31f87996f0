import type { Trouble } from "./errors.js";
import { migrationLabel } from "./migration.js";
import type { Fold } from "./squash-fold.js";
import type { SquashRecord } from "./squash-record.js";

interface Named {
  readonly version: string;
  readonly name: string;
}

const NOTHING = "Nothing was changed.";

export function targetNotFound(target: string): Trouble {
  return {
    code: "MIGRATION_NOT_FOUND",
    happened: `Will not migrate to version ${target}: the folder has no such migration.`,
    now: NOTHING,
    next: "Correct `target`, or leave it out to apply every migration.",
  };
}

export function notInFolder(versions: readonly string[]): Trouble {
  return {
    code: "MIGRATION_NOT_FOUND",
    happened: `Will not migrate: the database has applied ${versions.join(", ")}, which neither the folder nor a squash in it knows.`,
    now: NOTHING,
    next: "Bring the files of these versions back into the folder, or point `directory` at the folder that this database was migrated from.",
  };
}

export function noUp(step: Named): Trouble {
  return {
    code: "MIGRATION_NOT_FOUND",
    happened: `Will not run migration ${migrationLabel(step)}: it has no up.sql, or an empty one.`,
    now: NOTHING,
    next: "Write its up.sql, or remove its folder.",
  };
}

export function noDown(step: Named): Trouble {
  return {
    code: "MIGRATION_NOT_FOUND",
    happened: `Will not take back migration ${migrationLabel(step)}: it has no down.sql, or an empty one.`,
    now: NOTHING,
    next: "Write its down.sql and prove it with `dadosfera migrations verify`, or set `target` to this version or a later one.",
  };
}

export function edited(migration: Named): Trouble {
  return {
    code: "MIGRATION_EDITED",
    happened: `Will not migrate: the up.sql of migration ${migrationLabel(migration)} is not the one that was applied.`,
    now: NOTHING,
    next: "Put the file back as it was (`git log` finds it), and write what is new as a migration of its own.",
  };
}

export function partlyApplied({
  squash,
  present,
  missing,
}: Pick<Fold, "squash" | "present" | "missing">): Trouble {
  return {
    code: "SQUASH_PARTLY_APPLIED",
    happened: `Will not apply squash ${migrationLabel(squash)}: the database has applied ${present.map(({ version }) => version).join(", ")} of the ${present.length + missing.length} migrations that it replaces, and would run them again.`,
    now: `Nothing was changed; missing: ${missing.map(migrationLabel).join(", ")}.`,
    next: 'Say `partlyApplied: "finish"` to run the missing ones from the commit that the squash names, or squash no further than what is applied.',
  };
}

export function notATail({ squash }: Pick<Fold, "squash">, gaps: readonly Named[]): Trouble {
  return {
    code: "SQUASH_PARTLY_APPLIED",
    happened: `Will not finish squash ${migrationLabel(squash)}: ${gaps.map(migrationLabel).join(", ")} was skipped, and later ones of its parts were applied.`,
    now: NOTHING,
    next: "Find out by hand why it was skipped; the squash was proven for its parts in their order.",
  };
}

export function partsLost(
  { squash, record }: Pick<Fold, "squash" | "record">,
  lost: readonly Named[],
): Trouble {
  return {
    code: "SQUASH_PARTLY_APPLIED",
    happened: `Cannot finish squash ${migrationLabel(squash)}: ${lost.map(migrationLabel).join(", ")} could not be read from ${record.folder} of commit ${record.commit.slice(0, 12)}.`,
    now: NOTHING,
    next: `Fetch the commit (\`git fetch origin ${record.commit}\`; a shallow clone may lack it), then run the same command again.`,
  };
}

export function proofOfOtherFiles(squash: Named): Trouble {
  return {
    code: "MIGRATION_UNPROVEN",
    happened: `Will not apply squash ${migrationLabel(squash)}: the proof in its squash.json is for other files than those beside it.`,
    now: NOTHING,
    next: "Put up.sql and down.sql back as they were proven, or squash again.",
  };
}

export function proofOfOtherServer(
  squash: Named,
  { proofs }: SquashRecord,
  major: number,
): Trouble {
  const engines = proofs.map(({ engine }) => engine).join(", ");
  return {
    code: "MIGRATION_UNPROVEN",
    happened: `Will not apply squash ${migrationLabel(squash)}: it was proven on ${engines}, and this database is PostgreSQL ${major}.`,
    now: NOTHING,
    next: `Prove it with \`dadosfera migrations prove --engine postgres@${major}\`, or say \`allowProofOf: [${proofs[0]?.major ?? ""}]\`.`,
  };
}
