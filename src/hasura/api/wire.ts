import { z } from "zod";

/** The answer of `run_sql`: `CommandOk`, or `TuplesOk` and the rows of the last statement. */
export const sqlAnswer = z.looseObject({ result_type: z.enum(["CommandOk", "TuplesOk"]) });

/** The rows of a query with one column of JSON: the column's name comes first, then each row, all as text. */
export const jsonRowsAnswer = z
  .object({ result_type: z.literal("TuplesOk"), result: z.array(z.tuple([z.string()])) })
  .transform(({ result }) => result.slice(1).map(([row]) => parseJson(row)))
  .pipe(z.array(z.record(z.string(), z.string().nullable())));

/** `cli_state`, as Hasura's CLI keeps it; what else it holds is somebody's and stays. */
const cliState = z.looseObject({
  /** By database, by version: whether the migration is dirty. */
  migrations: z.record(z.string(), z.record(z.string(), z.boolean())).optional(),
});
export type CliState = z.infer<typeof cliState>;

export const catalogStateAnswer = z.object({ cli_state: cliState });

const qualified = z.union([
  z.object({ schema: z.string(), name: z.string() }),
  z.string().transform((name) => ({ schema: "public", name })),
]);

/** `export_metadata`, as far as the tracked tables of PostgreSQL databases go. */
export const metadataAnswer = z
  .object({
    version: z.literal(3),
    sources: z.array(
      z.looseObject({
        name: z.string(),
        kind: z.string(),
        tables: z.array(z.looseObject({ table: z.unknown() })).default([]),
      }),
    ),
  })
  .transform(({ sources }) =>
    sources.map(({ name, kind, tables }) => ({
      name,
      kind,
      tables: tables.flatMap(({ table }) => {
        const parsed = qualified.safeParse(table);
        return parsed.success ? [parsed.data] : [];
      }),
    })),
  );

export const inconsistencyAnswer = z
  .object({
    is_consistent: z.boolean(),
    inconsistent_objects: z
      .array(z.looseObject({ name: z.string().optional(), reason: z.string().optional() }))
      .default([]),
  })
  .transform(({ inconsistent_objects: objects }) =>
    objects.map(({ name, reason }) => [name, reason].filter(Boolean).join(": ")),
  );

/** Bodies of effects are not documented: any success will do. */
export const anything = z.unknown();

/** What a refusal says: Hasura's own form, with PostgreSQL's words inside where it shows them. */
const complaint = z.object({
  error: z.string(),
  code: z.string(),
  internal: z
    .object({
      error: z
        .object({
          exec_status: z.string().nullish(),
          message: z.string().nullish(),
          status_code: z.string().nullish(),
          description: z.string().nullish(),
          hint: z.string().nullish(),
        })
        .optional(),
    })
    .optional()
    .catch(undefined),
});
export type Complaint = z.infer<typeof complaint>;

/** Undefined for a body that is not Hasura's: a proxy's page, for instance. */
export function parseComplaint(text: string): Complaint | undefined {
  const parsed = complaint.safeParse(parseJson(text));
  return parsed.success ? parsed.data : undefined;
}

/** Undefined for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
