import { createHmac } from "node:crypto";

const STEP_MS = 30_000;
const DIGITS = 6;
const BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The one-time code of a moment, after RFC 6238: SHA-1, 30 seconds, six digits; the secret is in base 32. */
export function totpCode(secret: string, now: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / STEP_MS)));
  const digest = createHmac("sha1", decodeBase32(secret)).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 15;
  const number = (digest.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS;
  return String(number).padStart(DIGITS, "0");
}

/** True for the code of one of the moments, or of the step before or after it. */
export function isTotpCode(secret: string, code: string, moments: readonly number[]): boolean {
  return moments.some((now) =>
    [-STEP_MS, 0, STEP_MS].some((slip) => totpCode(secret, now + slip) === code),
  );
}

function decodeBase32(text: string): Buffer {
  const bits = [...text.toUpperCase().replace(/[^A-Z2-7]/g, "")]
    .map((character) => BASE_32.indexOf(character).toString(2).padStart(5, "0"))
    .join("");
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
