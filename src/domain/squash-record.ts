import { z } from "zod";

const version = z.string().regex(/^\d+$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const replacedMigration = z.strictObject({
  version,
  name: z.string(),
  up: hash,
  down: hash.nullable(),
  /**
   * What this one replaced, if it was a squash itself. An environment may still hold those versions instead of this one,
   * so they must not be forgotten when squashes are squashed.
   */
  get replaces(): z.ZodOptional<z.ZodArray<typeof replacedMigration>> {
    return z.array(replacedMigration).optional();
  },
});
export type ReplacedMigration = z.infer<typeof replacedMigration>;

/**
 * `squash.json`, which stands beside the `up.sql` of a squash: what it replaces, and the proof that it does the same.
 * Hasura's CLI ignores the file. It holds no time, so that the same squash gives the same text.
 */
export const squashRecord = z.strictObject({
  format: z.literal(1),
  /** What was folded into one, by version. */
  replaces: z.array(replacedMigration),
  /** Hashes of the files that the proof speaks of. */
  up: hash,
  down: hash,
  /** The git commit that still holds the originals, and their folder in it, relative to the repository. */
  commit: z.string().regex(/^[0-9a-f]{40,64}$/),
  folder: z.string(),
  proofs: z
    .array(
      z.strictObject({
        /** `PostgreSQL 15.18` */
        engine: z.string(),
        major: z.int(),
        /** Hash of the prelude that stood before the first migration; null without one. */
        prelude: hash.nullable(),
        /** What was compared. */
        tables: z.int(),
        rows: z.int(),
        /** What the downs lose, accepted by whoever squashed: `students.score: 3 of 8 values differ`. */
        losses: z.array(z.string()),
      }),
    )
    .min(1),
});
export type SquashRecord = z.infer<typeof squashRecord>;
