import fc from "fast-check";
import type { LoadType } from "#src/domain/job.js";
import type { Program } from "./program.js";
import type { Happening, Script, Step, Trouble } from "./script.js";
import type { Fault } from "./world/faults.js";
import { CRONS } from "./world/maestro.js";
import { type ModelSwitches, SWITCH_VALUES } from "./world/switches.js";
import type { Nature } from "./world/world.js";

const MOST_CALLS = 90;
const nth = fc.nat({ max: 15 });
const hasFraction = fc.constantFrom(false, false, false, true);

const atSource: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("insert" as const), hasFraction }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("update" as const), nth, hasFraction }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("edit" as const), nth }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), nth }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("insert without cursor" as const) }) },
);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: atSource },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("foreign run" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("failing runs" as const),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("time passes" as const),
      ms: fc.constantFrom(5000, 40_000, 120_000),
    }),
  },
);

const effect = fc.oneof(
  fc.constantFrom("none" as const, "done" as const),
  fc.integer({ min: 1, max: 29_000 }),
);

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("kill" as const), effect }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("lost" as const), effect }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("outage" as const),
      effect,
      ms: fc.constantFrom(0, 30_000, 120_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("twice" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("stall" as const),
      ms: fc.constantFrom(20_000, 100_000, 400_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("interrupt" as const) }) },
);

const at = fc.nat({ max: MOST_CALLS });
const trouble: fc.Arbitrary<Trouble> = fc.record({
  faults: fc.array(fc.record({ at, fault }), { maxLength: 2 }),
  happenings: fc.array(fc.record({ at, happening }), { maxLength: 4 }),
  rhythm: fc.array(fc.constantFrom(0, 0, 3, 40, 400), { minLength: 1, maxLength: 4 }),
});

/** Two of these: programs 1 and 2 of a script. */
const program = fc.nat({ max: 2 });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("up" as const),
      program,
      trouble,
      isEngineKilled: fc.constantFrom(false, false, false, true),
      beside: fc.option(fc.record({ program, trouble }), { freq: 4, nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("refresh" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("destroy" as const), trouble }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("happenings" as const),
      happenings: fc.array(happening, { minLength: 1, maxLength: 4 }),
    }),
  },
);

const switches = fc.record(
  Object.fromEntries(
    Object.entries(SWITCH_VALUES).map(([name, [usual, ...others]]) => [
      name,
      // Mostly the defaults: a world in which everything is odd hides what one oddity does.
      fc.constantFrom(...Array.from({ length: 3 }, () => usual), ...others),
    ]),
  ),
) as unknown as fc.Arbitrary<ModelSwitches>;

const crons = fc.constantFrom<(string | null)[]>(null, "@once", ...Object.keys(CRONS));

/** A full load knows no cursor, and so stores it as the source has it: no change can go from one clock to the other. */
function loadTypesOf(
  isKeyed: boolean,
  { sourceClockOffsetMs }: ModelSwitches,
): readonly LoadType[] {
  const full: readonly LoadType[] = sourceClockOffsetMs === 0 ? ["full_load"] : [];
  const deduplicated: readonly LoadType[] = isKeyed ? ["incremental_with_qualify"] : [];
  return ["incremental", "incremental", "incremental", ...full, ...deduplicated];
}

/** Worlds in which Maestro answers so. */
export function naturesUnder(given: ModelSwitches): fc.Arbitrary<Nature> {
  return naturesOf(fc.constant(given));
}

function naturesOf(answers: fc.Arbitrary<ModelSwitches>): fc.Arbitrary<Nature> {
  return fc.tuple(answers, fc.constantFrom(true, true, false)).chain(([given, isKeyed]) =>
    fc.record({
      switches: fc.constant(given),
      cron: crons,
      loadType: fc.constantFrom(...loadTypesOf(isKeyed, given)),
      isKeyed: fc.constant(isKeyed),
      cursorKind: fc.constantFrom(...MOSTLY_TIMESTAMPS),
      runMs: fc.constantFrom(300, 8000, 45_000),
      callMs: fc.constantFrom(1, 150, 1500),
    }),
  );
}

const MOSTLY_TIMESTAMPS = ["timestamp", "timestamp", "number"] as const;

function programsOf({ loadType, isKeyed, cron, switches }: Nature): fc.Arbitrary<Program> {
  return fc.record({
    columns: fc.constantFrom<Program["columns"][]>(
      ["telefone"],
      ["telefone"],
      ["email"],
      ["telefone", "email"],
      [],
    ),
    rows: fc.oneof(
      { weight: 1, arbitrary: fc.constant("none" as const) },
      { weight: 2, arbitrary: fc.constant("all" as const) },
      {
        weight: 5,
        arbitrary: fc.record({ afterNth: nth, isTaken: fc.constantFrom(...OFTEN_FALSE) }),
      },
    ),
    loadType: fc.constantFrom(
      ...Array.from({ length: 6 }, () => loadType),
      ...loadTypesOf(isKeyed, switches),
    ),
    strategy: fc.constantFrom(undefined, "delete-first" as const, "delete-after" as const),
    keepVersions: fc.boolean(),
    cron: fc.oneof({ weight: 3, arbitrary: fc.constant(cron) }, { weight: 1, arbitrary: crons }),
  });
}

const OFTEN_FALSE = [false, false, false, false, false, false, true];

/** Stories in worlds of this nature. */
export function scriptsIn(nature: Nature): fc.Arbitrary<Script> {
  return fc
    .record({
      history: fc.array(fc.array(atSource, { minLength: 1, maxLength: 8 }), {
        minLength: 1,
        maxLength: 3,
      }),
      wanted: fc.array(programsOf(nature), { minLength: 2, maxLength: 2 }),
      steps: fc.array(step, { minLength: 1, maxLength: 4 }),
      last: program,
    })
    .map(({ wanted, ...parts }) => ({
      nature,
      programs: [unchanged(nature), ...wanted],
      ...parts,
    }));
}

/** The program before every change. */
function unchanged({ loadType, cron }: Nature): Program {
  return { columns: [], rows: "none", strategy: undefined, loadType, keepVersions: false, cron };
}

export const scripts: fc.Arbitrary<Script> = naturesOf(switches).chain(scriptsIn);
