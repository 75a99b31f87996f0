import { gateway } from "../answers.js";
import { BodyReader } from "../body-reader.js";

const CEILING_MB = 12_000;

/** The megabytes of a memory request. Above the ceiling it is the gateway that refuses, in its own shape. */
export function memoryOf(body: unknown): number {
  const reader = new BodyReader(body);
  const amount = reader.integer("amount");
  if (amount < 1) reader.problem("amount", "ensure this value is greater than or equal to 1");
  reader.finish();
  if (amount > CEILING_MB) {
    throw gateway(400, `Memory limit exceeded. Maximum allowed: ${CEILING_MB}MB (12GB)`);
  }
  return amount;
}
