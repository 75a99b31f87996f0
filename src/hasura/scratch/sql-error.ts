import { z } from "zod";
import { SqlError } from "./scratch.js";

/** What pg and PGlite both throw for PostgreSQL's ErrorResponse. */
const errorResponse = z.object({
  message: z.string(),
  code: z.string().regex(/^[0-9A-Z]{5}$/),
  detail: z.string().optional(),
  position: z.string().optional(),
  table: z.string().optional(),
  column: z.string().optional(),
  constraint: z.string().optional(),
});

/** The same fault as a `SqlError`; anything else, such as a lost connection, as it came. */
export function readSqlError(error: unknown): unknown {
  const read = errorResponse.safeParse(error);
  if (!read.success) return error;
  const { message, code, position, ...facts } = read.data;
  return new SqlError(
    message,
    { ...facts, sqlState: code, position: position === undefined ? undefined : Number(position) },
    { cause: error },
  );
}
