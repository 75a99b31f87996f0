import assert from "node:assert/strict";
import fc from "fast-check";
import { remarkText } from "#src/domain/generated-program.js";
import { refusalsOfJob } from "#src/domain/job-refusals.js";
import { describePipeline, type SeenPipeline } from "#src/domain/live-description.js";
import { aSeenJob, aSeenPipeline, texts } from "../support/live-pipelines.js";

const never = () => false;

describe("a live pipeline in the words of a program", () => {
  it("holds no job that the package would refuse, whatever Maestro shows", () => {
    const names = fc.array(texts, { maxLength: 4 });
    const fields = fc.record(
      {
        connector: fc.constantFrom("jdbc", "s3"),
        plugin: texts,
        tableName: texts,
        loadType: fc.constantFrom("full_load", "incremental", "incremental_with_qualify", "delta"),
        incrementalColumnName: texts,
        incrementalColumnType: texts,
        primaryKeys: names,
        columnIncludeList: fc.option(names),
        memoryAllocationMb: fc.integer(),
      },
      { requiredKeys: ["connector", "plugin", "tableName", "loadType"], noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 3 }), texts, (jobs, name) => {
        const seen = jobs.map((job, index) => aSeenJob(undefined, index, job));

        const { pipeline, jobs: described, remarks } = describeIt({ name, jobs: seen });

        assert.deepEqual(
          described.flatMap(({ creation }) => refusalsOfJob(creation)),
          [],
        );
        assert.equal(
          pipeline !== undefined,
          described.length === jobs.length && jobs.length > 0 && name !== "",
        );
        assert.ok(described.length === jobs.length || remarks.length > 0);
      }),
    );
  });

  it("leaves out what programs have no words for, and names the pipeline, the job and the reason", () => {
    assert.deepEqual(
      remarksOf({ jobs: [aSeenJob(undefined, 0, { memoryAllocationMb: 16_000 })] }),
      [`${JOB}: its memory is 16000 MB, and programs ask for 12000 at most.`],
    );
    assert.deepEqual(remarksOf({ jobs: [aSeenJob(undefined, 0, {}, ["input.soft_delete"])] }), [
      `${JOB}: Maestro shows its field "input.soft_delete", for which programs have no word.`,
    ]);
    assert.deepEqual(remarksOf({ jobs: [aSeenJob(undefined, 0, { primaryKeys: ["uuid"] })] }), [
      `${JOB}: its primary keys are left out, because it does not load "uuid".`,
    ]);
    assert.deepEqual(remarksOf({ heldCron: "0 * * * *" }), [
      `${PIPELINE}: an unfinished change holds its schedule "0 * * * *"; finish it (\`dadosfera doctor --heal\`), and describe the pipeline again.`,
    ]);
  });

  it("is missing where no program could equal it, and says why", () => {
    const keyless = aSeenJob(undefined, 0, { loadType: "incremental_with_qualify" });
    const all =
      "1 of its 1 jobs cannot be described, and a program adopts a pipeline with all of them";

    const refused = [{ jobs: [keyless] }, { cron: "0  * * * *" }, { cron: "@daily" }, { jobs: [] }];

    assert.deepEqual(
      refused.map((fields) => describeIt(fields).pipeline),
      [undefined, undefined, undefined, undefined],
    );
    assert.deepEqual(refused.flatMap(remarksOf), [
      `${PIPELINE}: ${all}.`,
      `${JOB}: \`incremental_with_qualify\` keeps one row per key, and \`primaryKeys\` is missing.`,
      `${PIPELINE}: its schedule "0  * * * *" has other white space than programs write.`,
      `${PIPELINE}: its \`cron\` is not a schedule: Maestro takes five cron fields, "@once", or null for manual execution only.`,
      `${PIPELINE}: it has no jobs, and programs describe pipelines that have some.`,
    ]);
  });

  it("says of a job of another connector that programs do not describe it", () => {
    const [, remark] = remarksOf({ jobs: [aSeenJob(undefined, 0, { connector: "s3" })] });

    assert.equal(
      remark,
      `${JOB}: its connector is "s3", and programs describe jobs of "jdbc" only.`,
    );
  });
});

describe("a credential at Maestro", () => {
  it("is left out with the settings that hold it", () => {
    const networkConfig = { host: "10.0.0.1", ssh: { user: "etl", ssh_password: "hunter2" } };
    const transformations = [{ type: "post", url: "https://etl:hunter2@example.com" }];

    const described = describeIt({
      jobs: [aSeenJob(undefined, 0, { networkConfig, transformations })],
    });

    assert.doesNotMatch(JSON.stringify(described), /hunter2/);
    assert.ok(described.pipeline);
    assert.deepEqual(described.remarks.map(remarkText), [
      `${JOB}: its network settings are left out, because "ssh.ssh_password" looks like a credential.`,
      `${JOB}: its transformations are left out, because "0.url" looks like a credential.`,
    ]);
  });

  it("keeps a text from the program in which it is one of this process, wherever it stands", () => {
    const secret = "correct-horse";
    const columnIncludeList = ["updated_at", secret];
    const places: readonly Partial<SeenPipeline>[] = [
      { name: secret },
      { description: `it is ${secret}` },
      { jobs: [aSeenJob(undefined, 0, { columnIncludeList })] },
      { jobs: [aSeenJob(undefined, 0, { tableName: secret })] },
    ];

    const described = places.map((fields) =>
      describePipeline(aSeenPipeline(fields), (text) => text.includes(secret)),
    );

    assert.doesNotMatch(JSON.stringify(described), /correct-horse/);
    assert.deepEqual(
      described.map(({ pipeline, remarks }) => [pipeline, remarks.length > 0]),
      places.map(() => [undefined, true]),
    );
  });
});

const PIPELINE = 'Pipeline "Orders" (7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae)';
const JOB = `${PIPELINE}, job of table "cadastros.pedidos" (7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae-0)`;

function describeIt(fields: Partial<SeenPipeline>) {
  return describePipeline(aSeenPipeline(fields), never);
}

function remarksOf(fields: Partial<SeenPipeline>): readonly string[] {
  return describeIt(fields).remarks.map(remarkText);
}
