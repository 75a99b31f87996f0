import { gateway } from "../answers.js";
import { BodyReader } from "../body-reader.js";

const CEILING_MB = 12_000;

/** The megabytes of a memory request. It is the gateway that refuses, in its own shape: documented of what is above the ceiling. */
export function memoryOf(body: unknown): number {
  const { amount } = new BodyReader(body).fields;
  if (typeof amount !== "number" || !Number.isInteger(amount) || amount < 1) {
    throw gateway(400, ["amount must be an integer not less than 1"], "Bad Request");
  }
  if (amount > CEILING_MB) {
    throw gateway(400, `Memory limit exceeded. Maximum allowed: ${CEILING_MB}MB (12GB)`);
  }
  return amount;
}
