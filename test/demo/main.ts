import { parseArgs } from "node:util";
import { startEmulator } from "pulumi-dadosfera/testing";
import { ProgramFolder } from "../support/program-folder.js";
import { narrated } from "./narrated.js";
import { narration } from "./narration.js";
import { findPulumi } from "./pulumi.js";
import { openDemoSource } from "./source.js";
import { walk } from "./walkthrough.js";

/** The walkthrough of a new column, on real rows; ends with 1 if anything that it says is not true. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { source: { type: "string" } } });
  await using source = await openDemoSource(values.source);
  await using dadosfera = await startEmulator({ ...source.options, runMs: 3000 });
  using folder = new ProgramFolder();
  const pulumi = findPulumi(folder, {
    DADOSFERA_POLL_INTERVAL_MS: "1000",
    ...dadosfera.environment,
  });
  narration.heading("A new column, from the source to Snowflake");
  narration.text(
    `Dadosfera:  emulated on this machine, ${dadosfera.maestroUrl}; a run lasts three seconds`,
    `Snowflake:  emulated on this machine, ${dadosfera.snowflakeUrl}`,
    `Source:     ${source.name}`,
    `Program:    stacks/orders.ts, copied to ${folder.path}`,
    `Run by:     ${pulumi.name}`,
  );
  await walk({ dadosfera, folder, pulumi, source });
}

narrated(main);
