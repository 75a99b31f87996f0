import { type DadosferaErrorCode, isDadosferaError } from "../domain/errors.js";

/** `undefined` in place of the error that says that the pipeline or job is not there. */
export async function unlessAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  const job = orElse("JOB_NOT_FOUND", asked, async () => undefined);
  return orElse("PIPELINE_NOT_FOUND", job, async () => undefined);
}

/** The second way to ask, if the first one ended with this code. */
export async function orElse<T, U>(
  code: DadosferaErrorCode,
  first: Promise<T>,
  second: () => Promise<U>,
): Promise<T | U> {
  try {
    return await first;
  } catch (error) {
    if (isDadosferaError(error) && error.code === code) return second();
    throw error;
  }
}
