import { adding, BOOKMARK, startChangeWorld } from "../support/change-world.js";
import { keptInState, registered } from "../support/provider-process.js";
import { type Measure, type Part, shortNumber } from "./measure.js";
import { sizeWithoutColumns } from "./state-size.js";

const RUN_S = 20 * 60;
const BOUND_S = Math.max(30, RUN_S * 0.02);
/** What a service that is far away may add to each request. */
const AWAY_S = 0.1;
const STATE_BOUND = 5 * 1024;

/**
 * What a column change takes beside Maestro's run. Provider and emulator share a clock that jumps when the provider
 * waits, and goes on while anybody works: a run of twenty minutes is over in a second, and every other wait counts.
 */
export const columnChange: Part = async () => [
  ...(await measuresOf("delete-first")),
  ...(await measuresOf("delete-after")),
];

async function measuresOf(strategy: "delete-first" | "delete-after"): Promise<readonly Measure[]> {
  await using world = await startChangeWorld();
  const { clock, faults, runs, requests, warehouse } = world.emulator;
  const [asked, told] = [requests.length, warehouse.statements.length];
  runs.hold();
  let endsAt = Number.NaN;
  const endLater = () => {
    endsAt = clock.now() + RUN_S * 1000;
    clock.alarm(endsAt, () => runs.release());
  };
  faults.once("POST", "execute", { kind: "run", when: "after", work: endLater });
  const wanted = adding(["telefone"], { after: BOOKMARK });
  const backfill = { columns: ["telefone"], rows: { after: BOOKMARK }, strategy };
  const startedAt = clock.now();

  const outputs = await world.update("Job", world.job, { ...wanted, backfill });

  const wholeMs = clock.now() - startedAt;
  const looks = requests.slice(asked).filter(({ path }) => path.includes("pipeline_run"));
  const seen = looks.find(({ at }) => at.valueOf() >= endsAt);
  const lastPollMs = (seen?.at.valueOf() ?? Number.NaN) - endsAt;
  const ownS = (wholeMs - lastPollMs) / 1000 - RUN_S;
  const calls = requests.length - asked - looks.length + warehouse.statements.length - told;
  const awayS = ownS + calls * AWAY_S;
  const size = sizeWithoutColumns({
    ...keptInState("Job", String(wanted["jobId"]), registered("Job", outputs)),
    inputs: registered("Job", { ...wanted, backfill }),
  });
  return [
    {
      what: `A column change's own time beside a run of ${RUN_S / 60} minutes, without the last poll, ${strategy}`,
      measured: `${shortNumber(ownS)} s, or at most ${shortNumber(awayS)} s where each of its ${calls} requests and statements takes ${AWAY_S} s longer; ${looks.length} looks at runs`,
      bound: { text: `${shortNumber(BOUND_S)} s`, isHeld: awayS <= BOUND_S },
    },
    {
      what: `State of a job after that change, without its columns, ${strategy}`,
      measured: `${shortNumber(size)} bytes`,
      bound: { text: `${shortNumber(STATE_BOUND)} bytes`, isHeld: size <= STATE_BOUND },
    },
  ];
}
