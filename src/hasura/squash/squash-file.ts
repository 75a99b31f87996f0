import { createHash } from "node:crypto";
import { z } from "zod";
import type { Squash } from "../../domain/squash-plan.js";
import { type SquashRecord, squashRecord } from "../../domain/squash-record.js";

/** What a `squash.json` turned out to be. */
export type SquashReading =
  | { readonly kind: "record"; readonly record: SquashRecord }
  | { readonly kind: "unreadable"; readonly why: string };

/** Reads the text of a `squash.json`. */
export function parseSquashRecord(text: string): SquashReading {
  try {
    const read = squashRecord.safeParse(JSON.parse(text));
    if (read.success) return { kind: "record", record: read.data };
    return { kind: "unreadable", why: z.prettifyError(read.error).replace(/\s+/g, " ") };
  } catch (error) {
    return { kind: "unreadable", why: error instanceof Error ? error.message : String(error) };
  }
}

/** The text of a `squash.json`. */
export function squashRecordText(record: SquashRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/** What `squash.json` says of a planned squash, once it is proven. */
export function squashRecordOf(
  squash: Squash,
  origin: Pick<SquashRecord, "commit" | "folder">,
  proofs: SquashRecord["proofs"],
): SquashRecord {
  return {
    format: 1,
    replaces: [...squash.replaces],
    up: hashOf(squash.up),
    down: hashOf(squash.down),
    ...origin,
    proofs,
  };
}

/** Hashes as they stand in `squash.json`: SHA-256 of the bytes, in hexadecimal. */
export function hashOf(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
