import fc from "fast-check";
import { predictedTable } from "#src/domain/destination-table.js";
import { jobIdAt, type PipelineId, pipelineId } from "#src/domain/job-id.js";
import type { Literal } from "#src/domain/literal-text.js";
import type { SeenPipeline } from "#src/domain/live-description.js";
import type { SeenJob } from "#src/domain/live-job-description.js";
import type { JobCreate, PipelineCreate } from "#src/maestro/records.js";

/** As objects come out of JSON. */
const PLAIN = { noNullPrototype: true };

const HOSTILE = [
  "",
  " ",
  "Orders",
  "orders!",
  "ORDERS",
  "or-ders",
  "index",
  "class",
  "exports",
  "undefined",
  "constructor",
  "7 pedidos",
  "São Paulo",
  "订单",
  `quote " and \\ and \`\${x}\``,
  "it's",
  "*/ // <!-- -->",
  "two\nlines\r\nand\u2028three",
  "\u202eright to left",
  "\ud83d half a character",
  "__proto__",
  "n".repeat(300),
];

const units = fc
  .array(fc.integer({ min: 0, max: 0xff_ff }), { maxLength: 8 })
  .map((codes) => String.fromCharCode(...codes));

/** Any text that a pipeline, a table or a column could be named by, the empty one and halves of characters among them. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  units,
);

const words = texts.filter((text) => text !== "" && text.length <= 255);

/** Values as JSON has them. */
export const jsonValues = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)) as Literal);

export const pipelineIds: fc.Arbitrary<PipelineId> = fc.uuid().map((id) => pipelineId.parse(id));

/** Fields that nobody would take for a credential's. */
const opaque = fc.dictionary(
  fc.constantFrom("type", "host", "columns to", "from", "ü"),
  fc.oneof(fc.string({ maxLength: 8 }), fc.integer(), fc.constant(null)),
  { maxKeys: 3, ...PLAIN },
);

const cursors = fc.constantFrom(
  ["mysql", "timestamp"] as const,
  ["mysql", "int"] as const,
  ["postgresql", "timestamp with time zone"] as const,
  ["oracle", "DATE"] as const,
  ["sqlserver", "datetime2"] as const,
);

const target = fc.record({ tableName: words, tableSchema: fc.constantFrom("PUBLIC", "BRONZE") });

/** A job of every load type, with any columns, its cursor and its keys among them. */
const jobs: fc.Arbitrary<JobCreate> = fc
  .record({
    cursor: cursors,
    loadType: fc.constantFrom("full_load", "incremental", "incremental_with_qualify"),
    tableSchema: words,
    tableName: words,
    columns: fc.option(fc.uniqueArray(words, { maxLength: 12 })),
    hasKeys: fc.boolean(),
    hasCursorAnyway: fc.boolean(),
    networkConfig: fc.option(opaque, { nil: undefined }),
    transformations: fc.array(opaque, { maxLength: 2 }),
    raw: fc.option(target, { nil: undefined }),
  })
  .map(({ cursor: [plugin, type], loadType, columns, raw, ...job }) => ({
    input: {
      connector: "jdbc",
      plugin,
      tableSchema: job.tableSchema,
      tableName: job.tableName,
      loadType,
      ...((loadType !== "full_load" || job.hasCursorAnyway) && {
        incrementalColumnName: "updated_at",
        incrementalColumnType: type,
      }),
      ...((loadType === "incremental_with_qualify" || job.hasKeys) && { primaryKeys: ["id"] }),
      columnIncludeList: columns && [...new Set(["id", ...columns, "updated_at"])],
      ...(job.networkConfig !== undefined && { networkConfig: job.networkConfig }),
      authParameters: { authType: "connection_manager", configId: "1763_kvpd_mysql-1.0.0" },
    },
    transformations: job.transformations,
    output: { plugin: "dadosfera_snowflake", ...(raw !== undefined && { raw }) },
  }));

/** A pipeline as somebody made it at Dadosfera, without this package. */
export interface MadeElsewhere {
  readonly body: PipelineCreate;
  readonly isPaused: boolean;
}

export const pipelinesMadeElsewhere: fc.Arbitrary<MadeElsewhere> = fc
  .record({
    id: pipelineIds,
    name: words,
    description: fc.option(texts, { nil: undefined }),
    cron: fc.constantFrom(null, "@once", "15 3 * * *", "*/5 0-4 1,15 * 1-5"),
    jobs: fc.array(jobs, { minLength: 1, maxLength: 3 }),
    isPaused: fc.boolean(),
  })
  .map(({ isPaused, description, ...body }) => ({
    body: { ...body, ...(description !== undefined && { description }) },
    isPaused,
  }));

type ShownJob = Extract<SeenJob, { kind: "shown" }>;

const ORDERS = pipelineId.parse("7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae");

/** A job of a live pipeline as Maestro shows it, with what a test says otherwise. */
export function aSeenJob(
  pipeline: PipelineId = ORDERS,
  index = 0,
  fields: Partial<ShownJob["job"]> = {},
  unknownFields: readonly string[] = [],
): ShownJob {
  const tableName = fields.tableName ?? "pedidos";
  const job: ShownJob["job"] = {
    connector: "jdbc",
    plugin: "mysql",
    tableSchema: "cadastros",
    tableName,
    loadType: "incremental",
    incrementalColumnName: "updated_at",
    incrementalColumnType: "timestamp",
    columnIncludeList: ["id", "valor", "updated_at"],
    authParameters: { authType: "connection_manager", configId: "config-1" },
    destinationTable: predictedTable(pipeline, {
      input: { tableSchema: "cadastros", tableName },
      output: {},
    }),
    ...fields,
  };
  return { kind: "shown", id: jobIdAt(pipeline, index), job, rawSchema: "PUBLIC", unknownFields };
}

/** A live pipeline as Maestro shows it, with one job. */
export function aSeenPipeline(fields: Partial<SeenPipeline> = {}): SeenPipeline {
  return {
    id: ORDERS,
    name: "Orders",
    cron: null,
    status: "active",
    jobs: [aSeenJob(fields.id)],
    ...fields,
  };
}
