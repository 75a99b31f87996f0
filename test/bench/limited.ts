import { startEmulator } from "pulumi-dadosfera/testing";
import { findEngines } from "./engines.js";
import { type Part, shortNumber } from "./measure.js";
import { StackProject } from "./stack-project.js";

const LIMIT = 10;

/** Many jobs made in one `up`, at a Maestro that answers 429 above ten requests a second. */
export const limited: Part = async ({ jobs }) => {
  const [engine] = findEngines();
  if (engine === undefined) return [];
  await using emulator = await startEmulator({ requestsPerSecond: LIMIT });
  using project = new StackProject("jobs");
  const settings = { ...emulator.environment, JOBS: String(jobs) };
  const outcome = await engine.run(project, "up", settings).then(
    (seconds) => `no failure in ${shortNumber(seconds)} s`,
    (error: Error) => `failed: ${error.message.slice(0, 200)}`,
  );
  const isHeld = outcome.startsWith("no failure");
  return [
    {
      what: `\`up\` from nothing of ${shortNumber(jobs)} jobs at ${LIMIT} requests a second`,
      measured: `${outcome}, ${shortNumber(emulator.requests.length)} requests`,
      bound: { text: "no failure", isHeld },
    },
  ];
};
