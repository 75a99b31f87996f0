import { z } from "zod";

/** When Maestro starts a pipeline by itself: never, once at its creation, or by a five-field cron. */
export type Schedule =
  | { readonly kind: "manual" }
  | { readonly kind: "once" }
  | { readonly kind: "cron"; readonly expression: string };

const FIELD = /^[0-9*,/A-Za-z?#L-]+$/;

/** Maestro's own form of a schedule: five fields, `@once`, or null for manual execution only. White space is normalised. */
export const cron = z
  .string()
  .nullable()
  .transform((text) => text?.trim().replaceAll(/\s+/g, " ") ?? null)
  .refine(
    (text) => parseSchedule(text) !== undefined,
    'is not a schedule: Maestro takes five cron fields, "@once", or null for manual execution only',
  );

/** Reads Maestro's form; undefined where it is none. */
export function parseSchedule(text: string | null): Schedule | undefined {
  if (text === null) return { kind: "manual" };
  if (text === "@once") return { kind: "once" };
  const fields = text.split(" ");
  const isCron = fields.length === 5 && fields.every((field) => FIELD.test(field));
  return isCron ? { kind: "cron", expression: text } : undefined;
}

/** Writes Maestro's form. */
export function scheduleText(schedule: Schedule): string | null {
  switch (schedule.kind) {
    case "manual":
      return null;
    case "once":
      return "@once";
    case "cron":
      return schedule.expression;
  }
}

/** True if Maestro may start a run of this schedule by itself at a later time, so that a change has to hold it. */
export function firesAgain(text: string | null): boolean {
  return text !== null && parseSchedule(text)?.kind !== "once";
}
