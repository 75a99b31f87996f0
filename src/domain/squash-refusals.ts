import type { Trouble } from "./errors.js";
import { type Migration, migrationLabel } from "./migration.js";
import type { MigrationTraits } from "./squash-groups.js";
import type { PartVerdict, SquashRequest } from "./squash-plan.js";

/** What keeps one migration out of a squash; all of it. */
export function partRefusals(
  migration: Migration,
  { verdicts, traits, acceptedLosses, unreadableRecords }: SquashRequest,
): readonly Trouble[] {
  const absent = absentRefusals(migration);
  if (absent.length > 0) return absent;
  const verdict = verdicts.get(migration.version) ?? notVerified;
  const unproven = verdictRefusals(migration, verdict, acceptedLosses);
  const read = traits.get(migration.version) ?? {};
  const texts = DIRECTIONS.flatMap((direction) => textRefusals(migration, direction, read));
  return [...unproven, ...texts, ...recordRefusals(migration, unreadableRecords)];
}

const DIRECTIONS = ["up", "down"] as const;
const notVerified: PartVerdict = { kind: "not proven", why: "it was not verified" };

function refusal(migration: Migration, happened: string, next: string): Trouble {
  return {
    code: "SQUASH_REFUSED",
    happened: `Did not squash ${migrationLabel(migration)}: ${happened}.`,
    now: "Nothing was changed.",
    next,
  };
}

/** Hasura's own squash leaves a missing down out with a warning, and the squash then undoes only a part. */
function absentRefusals(migration: Migration): readonly Trouble[] {
  return DIRECTIONS.filter((direction) => migration[direction] === undefined).map((direction) =>
    refusal(
      migration,
      `its ${direction}.sql is missing or holds no bytes`,
      direction === "up"
        ? "Write it, or name a range without this migration."
        : "Write what undoes its up.sql, or name a range without this migration.",
    ),
  );
}

function textRefusals(
  migration: Migration,
  direction: "up" | "down",
  read: Partial<MigrationTraits>,
): readonly Trouble[] {
  const traits = read[direction];
  const path = migration[direction]?.path;
  if (traits === undefined) {
    const next = "`dadosfera migrations verify` says where; correct it there.";
    return [refusal(migration, `${path} cannot be parsed`, next)];
  }
  if (!traits.isEmpty) return [];
  return [
    refusal(
      migration,
      `${path} holds no statement, which Hasura answers with EmptyQuery`,
      direction === "up"
        ? "Write its statements, or name a range without this migration."
        : "Write what undoes its up.sql; where there is nothing to undo, write `SELECT 1;`.",
    ),
  ];
}

/** An environment may hold the versions that the record named, and would then take the new squash for one it never ran. */
function recordRefusals(
  migration: Migration,
  unreadable: ReadonlyMap<string, string> | undefined,
): readonly Trouble[] {
  const why = unreadable?.get(migration.version);
  if (why === undefined) return [];
  return [
    refusal(
      migration,
      `the squash.json beside its up.sql cannot be read: ${why}`,
      "Take the file back from git, or name a range without this migration.",
    ),
  ];
}

function verdictRefusals(
  migration: Migration,
  verdict: PartVerdict,
  accepted: readonly string[],
): readonly Trouble[] {
  const again = "then run `dadosfera migrations verify` again.";
  switch (verdict.kind) {
    case "exact":
    case "position only":
      return [];
    case "broken":
      return [refusal(migration, verdict.why, `Correct it, ${again}`)];
    case "not proven":
      return [refusal(migration, verdict.why, `Give it what the proof lacks, ${again}`)];
    case "lossy":
      return verdict.losses
        .filter(({ object, words }) => !accepted.includes(object) && !accepted.includes(words))
        .map(({ object, words }) =>
          refusal(
            migration,
            `its down loses something: ${words}`,
            `Correct its down, or accept the loss by name: \`${object}\`.`,
          ),
        );
  }
}

/** A name that would not be one folder, or not the same one on every machine. */
export function nameRefusals(name: string): readonly Trouble[] {
  if (/^[\p{L}\p{M}\p{N}._-]{1,100}$/u.test(name) && !name.endsWith(".")) return [];
  return [
    {
      code: "INPUT_INVALID",
      happened: `Did not squash: ${JSON.stringify(name)} cannot be part of a folder's name everywhere.`,
      now: "Nothing was changed.",
      next: "Name it with letters, digits, `_`, `-` and `.`, at most 100 of them, and not with a full stop at the end.",
    },
  ];
}
