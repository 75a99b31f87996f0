import { z } from "zod";

/** A column of an answer that holds JSON as text; null is an empty list. */
export function inJson<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .nullable()
    .transform((text): unknown => JSON.parse(text ?? "[]"))
    .pipe(schema);
}
