import { startEmulator } from "pulumi-dadosfera/testing";
import {
  keptInState,
  registered,
  startProviderProcess,
  urnOf,
} from "../support/provider-process.js";
import { aJob, type Props } from "../support/world.js";
import { median, type Part, shortNumber, spread } from "./measure.js";

const BOUND_MS = 200;
const TURNS = 20;

/** `diff` of one job with many columns, by Pulumi's own process for providers, with the way there and back. */
export const columnDiff: Part = async ({ columns }) => {
  await using emulator = await startEmulator();
  await using provider = await startProviderProcess(emulator.environment);
  const inputs = jobOf(columns);
  const old = { ...keptInState("Job", String(inputs["jobId"]), inputs), inputs };
  const news = [
    ["without a change", inputs],
    ["with one column more", jobOf(columns + 1)],
  ] as const;
  const measures = [];
  for (const [change, wanted] of news) {
    // The first one loads the driver, and asks the journal.
    await provider.verbs.diff(old, wanted);
    const times: number[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      const startedAt = performance.now();
      await provider.verbs.diff(old, wanted);
      times.push(performance.now() - startedAt);
    }
    measures.push({
      what: `\`diff\` of a job of ${shortNumber(columns)} columns, ${change}`,
      measured: spread(times, "ms"),
      bound: { text: `${BOUND_MS} ms`, isHeld: median(times) <= BOUND_MS },
    });
  }
  return measures;
};

function jobOf(columns: number) {
  const names = Array.from({ length: columns }, (_, index) => `column_${index + 1}`);
  const added: Props = { columns: names.slice(-1), rows: "none" };
  const job = aJob({
    input: { columnIncludeList: ["id", "updated_at", ...names] },
    backfill: added,
    __dadosfera: { urn: urnOf("Job") },
  });
  return registered("Job", job);
}
