import assert from "node:assert/strict";
import { sharedClock } from "../support/change-world.js";
import { aJob, aPipeline, created, type Props, startWorld, type World } from "../support/world.js";

const PIPELINES = 200;
const JOBS = 5;
const CHANGED = 100;
const LIMIT = 10;
/** As many calls the engine has under way on two processors; so many requests the client. */
const CALLS = 8;
const AT_ONCE = 8;
const TABLES = Array.from({ length: JOBS }, (_, index) => `pedidos_${index}`);

describe("a thousand jobs at a Maestro that takes ten requests a second", () => {
  it("get a hundred columns in one `up`, without a failure and within the limit", async () => {
    await using world = await startWorld({}, {}, (emulator) => sharedClock(emulator));
    const jobs = await eachOf(pipelines(), (pipeline) => make(pipeline, world));
    world.emulator.limit(LIMIT);
    const before = world.emulator.requests.length;
    const up = world.another();
    const wanted = jobs.flat().map((job, index) => (index % 10 === 0 ? widened(job) : job));

    const outputs = await eachOf(
      wanted.map((news, index) => [jobs.flat()[index] as Props, news] as const),
      ([olds, news]) => up.update("Job", olds, news),
    );

    const loaded = outputs.filter((job) => columnsOf(job).includes("telefone"));
    const arrivals = world.emulator.requests.slice(before).map(({ at }) => at.valueOf());
    assert.equal(outputs.length, PIPELINES * JOBS);
    assert.equal(loaded.length, CHANGED);
    assert.ok(arrivals.length > LIMIT * 10, "too few requests to show anything");
    assert.ok(mostInASecond(arrivals) <= LIMIT + AT_ONCE, `${mostInASecond(arrivals)} in a second`);
  }).timeout(60_000);
});

function pipelines(): readonly Props[] {
  return Array.from({ length: PIPELINES }, (_, index) => {
    const pipelineId = `7b8b3399-b8c0-4fc5-9116-${String(index).padStart(12, "0")}`;
    const jobs = TABLES.map((tableName) => created(aJob({ input: { tableName } })));
    return aPipeline({ pipelineId, name: `Orders ${index}`, cron: null, jobs });
  });
}

/** Makes a pipeline, and answers its jobs as the state holds them. */
async function make(pipeline: Props, world: World): Promise<Props[]> {
  await world.create("Pipeline", pipeline);
  return Promise.all(
    TABLES.map(async (tableName, index) => {
      const jobId = `${pipeline["pipelineId"]}-${index}`;
      const { outs } = await world.create("Job", aJob({ jobId, input: { tableName } }));
      return outs as Props;
    }),
  );
}

function widened(job: Props): Props {
  const input = job["input"] as Props;
  const columnIncludeList = [...columnsOf(job), "telefone"];
  const backfill = { columns: ["telefone"], rows: "none" };
  return { ...job, input: { ...input, columnIncludeList }, backfill };
}

function columnsOf(job: Props): readonly string[] {
  return (job["input"] as { columnIncludeList: readonly string[] }).columnIncludeList;
}

/** So many at a time, as the engine does. */
async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...items.entries()];
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      results[next[0]] = await work(next[1]);
    }
  };
  await Promise.all(Array.from({ length: CALLS }, worker));
  return results;
}

/** The most arrivals that any second holds. */
function mostInASecond(arrivals: readonly number[]): number {
  const counts = arrivals.map(
    (from) => arrivals.filter((at) => at >= from && at < from + 1000).length,
  );
  return Math.max(...counts);
}
