import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "pulumi-dadosfera/testing";
import { type BenchEngine, findEngines } from "./engines.js";
import {
  inTurn,
  type Measure,
  type Pair,
  type Part,
  pairsOf,
  ratioOf,
  shortNumber,
  spread,
} from "./measure.js";
import { StackProject } from "./stack-project.js";
import { stateMeasure } from "./state-size.js";

const RATIO = 1.25;
const CHANGED = 10;

/** Stacks of jobs beside the same stacks of do-nothing resources, on every engine there is. */
export const stacks: Part = async ({ jobs, repeats }) => {
  const measures: Measure[] = [];
  for (const [index, engine] of findEngines().entries()) {
    await using bench = await openStacks(engine, jobs);
    measures.push(await creates(bench, Math.min(repeats, engine.mostCreates)));
    measures.push(...(await previews(bench, repeats)));
    measures.push(stateMeasure(bench.jobs.resources, engine.name));
    if (index === 0) measures.push(await changedPreview(bench));
  }
  return measures;
};

interface Stacks extends AsyncDisposable {
  readonly engine: BenchEngine;
  readonly emulator: Emulator;
  readonly jobs: StackProject;
  readonly nothing: StackProject;
  readonly count: number;
  /** One command; its seconds. */
  run(
    project: StackProject,
    verb: "preview" | "up",
    more?: Readonly<Record<string, string>>,
  ): Promise<number>;
}

async function openStacks(engine: BenchEngine, count: number): Promise<Stacks> {
  const emulator = await startEmulator();
  const [jobs, nothing] = [new StackProject("jobs"), new StackProject("nothing")];
  return {
    engine,
    emulator,
    jobs,
    nothing,
    count,
    run: (project, verb, more = {}) =>
      engine.run(project, verb, { ...emulator.environment, JOBS: String(count), ...more }),
    async [Symbol.asyncDispose]() {
      jobs[Symbol.dispose]();
      nothing[Symbol.dispose]();
      await emulator[Symbol.asyncDispose]();
    },
  };
}

async function creates(bench: Stacks, repeats: number): Promise<Measure> {
  const { engine, emulator, count } = bench;
  let emulated: readonly [seconds: number, requests: number] = [0, 0];
  const create = async (project: StackProject) => {
    project.forget();
    await emulator.reset();
    await engine.init(project);
    const before = process.cpuUsage();
    const seconds = await bench.run(project, "up");
    const { user, system } = process.cpuUsage(before);
    emulated = [(user + system) / 1e6, emulator.requests.length];
    return seconds;
  };
  const pairs = await pairsOf(
    repeats,
    () => create(bench.nothing),
    () => create(bench.jobs),
  );
  const [seconds, requests] = emulated;
  return {
    what: `\`up\` from nothing of ${shortNumber(count)} jobs beside do-nothing resources, ${engine.name}`,
    measured: `${ratioOf(pairs).text}: ${both(pairs)}; ${shortNumber(requests)} requests to Maestro, for which the emulator took ${shortNumber(seconds)} s of a processor`,
  };
}

async function previews(bench: Stacks, repeats: number): Promise<readonly Measure[]> {
  const { engine, emulator, count } = bench;
  const [requests, statements] = [emulator.requests.length, emulator.warehouse.statements.length];
  const memory = [await memoryOf(bench, bench.nothing), await memoryOf(bench, bench.jobs)] as const;
  const asked = emulator.requests.length - requests;
  const queries = emulator.warehouse.statements
    .slice(statements)
    .filter(({ sql }) => sql.startsWith("SELECT"));
  const pairs = await inTurn(
    repeats,
    () => bench.run(bench.nothing, "preview"),
    () => bench.run(bench.jobs, "preview"),
  );
  const { ratio, text } = ratioOf(pairs);
  const many = `${shortNumber(count)} jobs`;
  return [
    {
      what: `Preview without changes of ${many} beside do-nothing resources, ${engine.name}`,
      measured: `${text}: ${both(pairs)}`,
      bound: { text: `${RATIO} ×`, isHeld: ratio <= RATIO },
    },
    {
      what: `Requests to Maestro, and queries of the journal, in a preview without changes of ${many}, ${engine.name}`,
      measured: `${asked}, and ${queries.length}`,
      bound: { text: "0, and 1", isHeld: asked === 0 && queries.length <= 1 },
    },
    {
      what: `Memory of the provider process in that preview beside that of do-nothing resources, ${engine.name}`,
      measured: `${shortNumber(memory[1])} MB beside ${shortNumber(memory[0])} MB`,
    },
  ];
}

/** A preview's most memory of the provider process, in MB. */
async function memoryOf(bench: Stacks, project: StackProject): Promise<number> {
  const file = join(project.path, "memory");
  const recorder = join(__dirname, "provider-memory.js");
  await bench.run(project, "preview", {
    NODE_OPTIONS: `--require=${recorder}`,
    PROVIDER_MEMORY: file,
  });
  return Number(readFileSync(file, "utf8"));
}

async function changedPreview(bench: Stacks): Promise<Measure> {
  const { emulator, jobs } = bench;
  const [requests, statements] = [emulator.requests.length, emulator.warehouse.statements.length];
  await bench.run(jobs, "preview", { CHANGED: String(CHANGED) });
  const asked = emulator.requests.slice(requests).filter(({ path }) => !path.includes("/auth/"));
  const told = emulator.warehouse.statements.length - statements;
  return {
    what: `Requests to Maestro, and statements to Snowflake, in a preview of ${CHANGED} changed jobs (\`rows: "none"\`)`,
    measured: `${shortNumber(asked.length / CHANGED)} a changed job, and ${told} in all`,
  };
}

function both(pairs: readonly Pair[]): string {
  const [one, other] = [pairs.map(([each]) => each), pairs.map(([, each]) => each)];
  return `${spread(other, "s")} beside ${spread(one, "s")}`;
}
