import fc from "fast-check";
import { pipelineId } from "#src/domain/job-id.js";
import type { JobCreate, JobInput, PipelineCreate } from "#src/maestro/records.js";

/** As objects come out of JSON. */
const PLAIN = { noNullPrototype: true };

const name = fc.string({ minLength: 1, maxLength: 20 });
const names = fc.array(name, { maxLength: 4 });
const opaque = fc.dictionary(name, fc.oneof(name, fc.integer(), fc.constant(null)), {
  maxKeys: 3,
  ...PLAIN,
});
const target = fc.record({ tableName: name, tableSchema: name }, PLAIN);

const input: fc.Arbitrary<JobInput> = fc.record(
  {
    connector: fc.constant("jdbc" as const),
    plugin: fc.constantFrom("mysql", "postgresql", "oracle", "sqlserver"),
    tableSchema: name,
    tableName: name,
    loadType: fc.constantFrom("full_load", "incremental", "incremental_with_qualify"),
    incrementalColumnName: name,
    incrementalColumnType: name,
    primaryKeys: names,
    columnIncludeList: fc.option(names),
    memoryAllocationMb: fc.integer({ min: 1, max: 12_000 }),
    networkConfig: opaque,
    authParameters: fc.record(
      { authType: fc.constant("connection_manager"), configId: name },
      PLAIN,
    ),
  },
  {
    requiredKeys: ["connector", "plugin", "tableSchema", "tableName", "loadType", "authParameters"],
    ...PLAIN,
  },
);

const job: fc.Arbitrary<JobCreate> = fc.record(
  {
    input,
    transformations: fc.array(opaque, { maxLength: 2 }),
    output: fc.record(
      { plugin: fc.constant("dadosfera_snowflake" as const), raw: target, qualify: target },
      { requiredKeys: ["plugin"], ...PLAIN },
    ),
  },
  PLAIN,
);

/** Every pipeline that can be created, with its jobs. */
export const pipelineCreates: fc.Arbitrary<PipelineCreate> = fc.record(
  {
    id: fc.uuid().map((id) => pipelineId.parse(id)),
    name,
    description: name,
    cron: fc.constantFrom(null, "@once", "15 3 * * *"),
    jobs: fc.array(job, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ["id", "name", "cron", "jobs"], ...PLAIN },
);

/** Fields that Maestro may add one day. */
export const unknownFields = fc.dictionary(
  name.map((text) => `new_${text}`),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 3, ...PLAIN },
);
