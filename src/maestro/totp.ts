import { createHmac } from "node:crypto";

const STEP_MS = 30_000;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The six-digit code of RFC 6238 (SHA-1, steps of 30 s) for a base-32 secret, at a time in milliseconds. */
export function totpCode(secret: string, now: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(totpStep(now)));
  const digest = createHmac("sha1", base32Bytes(secret)).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0xf;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** The number of the step that a time falls into. A code is good for one sign-in in its step. */
export function totpStep(now: number): number {
  return Math.floor(now / STEP_MS);
}

/** How long, from `now`, until the next step begins. */
export function untilNextStepMs(now: number): number {
  return STEP_MS - (now % STEP_MS);
}

/** Whether a text can be such a secret: base 32, spaces and padding as authenticator pages print them. */
export function isTotpSecret(secret: string): boolean {
  return /^[A-Z2-7]{8,}$/.test(tidied(secret));
}

function base32Bytes(secret: string): Buffer {
  const bits = [...tidied(secret)]
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

function tidied(secret: string): string {
  return secret.toUpperCase().replaceAll(/[\s-]|=+$/g, "");
}
