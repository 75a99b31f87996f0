import assert from "node:assert/strict";
import fc from "fast-check";
import { pipelineId } from "#src/domain/job-id.js";
import {
  adding,
  BOOKMARK,
  type ChangeWorld,
  type ChangeWorldOptions,
  startChangeWorld,
} from "../../support/change-world.js";
import { type Cut, cutOff } from "../../support/cut-off.js";
import { BY_DAY, byDay, DAYS, deletingAfter } from "../../support/strategies.js";
import { aJob, JOB, PIPELINE, type Props, withTelefone } from "../../support/world.js";

const CRON = "0 3 1 1 *";
/** Places tried for each kind of change, beside those that the faults strike; `CUT_OFF_RUNS=1000` tries nearly every one. */
const RUNS = Number(process.env["CUT_OFF_RUNS"] ?? 1);
const NEVER: Cut = { at: -1, isCarriedOut: false };
const FULL = {
  input: {
    loadType: "full_load",
    incrementalColumnName: undefined,
    incrementalColumnType: undefined,
  },
};
const QUALIFY = { input: { loadType: "incremental_with_qualify" } };

interface Kind extends Pick<ChangeWorldOptions, "switches" | "prepare"> {
  readonly job?: Props & { readonly input?: Props };
  readonly news: Props;
}

const KINDS: Readonly<Record<string, Kind>> = {
  "the rows beyond a bookmark": { news: withTelefone() },
  "the rows beyond a bookmark, deleted after the run": { news: deletingAfter({ after: BOOKMARK }) },
  "every row, deleted after the run": { news: deletingAfter("all") },
  "the rows beyond a day that rows carry": {
    switches: { resumeAt: ">=" },
    prepare: DAYS,
    job: BY_DAY,
    news: byDay("delete-first", ["id"]),
  },
  "every row": { news: withTelefone("all") },
  "a job without keys": {
    job: { primaryKeys: undefined },
    news: withTelefone(undefined, { primaryKeys: undefined }),
  },
  "a full load": { job: FULL, news: adding(["telefone"], "all", FULL) },
  "a deduplicated job": {
    job: QUALIFY,
    news: adding(["telefone"], { after: BOOKMARK }, QUALIFY),
  },
  "the load type": { news: aJob(QUALIFY) },
};

for (const [name, kind] of Object.entries(KINDS)) {
  describe(`a change of ${name}, cut off at any request or statement`, function () {
    this.timeout(20_000 + RUNS * 5000);

    it("is finished by the next up: no row lost, none doubled, the schedule back", async () => {
      const undisturbed = await outcomeOf(kind, NEVER);
      const places = fc.record({
        at: fc.nat({ max: undisturbed.places - 1 }),
        isCarriedOut: fc.boolean(),
      });

      await fc.assert(
        fc.asyncProperty(places, async (cut) => {
          const { ending } = await outcomeOf(kind, cut);
          assert.deepEqual(ending, undisturbed.ending);
        }),
        { numRuns: RUNS },
      );
    });
  });
}

/** Makes the change, cut off where told, and then again by another process; answers what stands in the end. */
async function outcomeOf({ news, ...options }: Kind, cut: Cut) {
  await using world = await startChangeWorld({ pipeline: { cron: CRON }, ...options });
  const services = cutOff(world, cut);
  await world.update("Job", world.job, news).catch(() => undefined);
  services.restore();
  if (cut !== NEVER) await world.another().update("Job", world.job, news);
  return { places: services.count(), ending: await endingOf(world) };
}

async function endingOf(world: ChangeWorld) {
  const { doors } = world.process.contextOf("");
  const pipeline = await doors.maestro.findPipeline(pipelineId.parse(PIPELINE));
  return {
    rows: (await world.rows(undefined, "ID")).map((row) => JSON.stringify(row)).sort(),
    cron: pipeline?.cron,
    bookmark: world.emulator.bookmark(JOB),
    unfinished: await doors.warehouse?.journal.unfinished(),
  };
}
