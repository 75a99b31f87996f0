import { type Measure, shortNumber } from "./measure.js";
import type { StoredResource } from "./stack-project.js";

const BOUND = 5 * 1024;

/** What the largest job takes in the state, apart from the lists of its columns. */
export function stateMeasure(resources: readonly StoredResource[], engine: string): Measure {
  const jobs = resources.filter(({ type }) => type.endsWith(":Job"));
  const most = Math.max(...jobs.map(sizeWithoutColumns));
  return {
    what: `State of a job, without its columns, ${engine}`,
    measured: `${shortNumber(most)} bytes`,
    bound: { text: `${shortNumber(BOUND)} bytes`, isHeld: most <= BOUND },
  };
}

/** Bytes of JSON. */
export function sizeWithoutColumns(resource: StoredResource): number {
  const text = JSON.stringify(resource, (key, value: unknown) =>
    key === "columnIncludeList" ? [] : value,
  );
  return Buffer.byteLength(text);
}
