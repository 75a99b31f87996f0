import type { DadosferaErrorCode } from "#src/domain/errors.js";
import { createdState, type Program, type StackState } from "./program.js";
import { justRefusals } from "./refusals.js";
import type { Happening, Script, Step, Trouble } from "./script.js";
import type { Subject } from "./subject.js";
import { type Command, contextOf, destroyJob, type Outcome, refresh, up } from "./up.js";
import { intervalsBy } from "./world/intervals.js";
import { CALM, type Fate, ModelProcess } from "./world/process.js";
import { ModelWorld } from "./world/world.js";

/** How a story ended. */
export interface Ending {
  readonly world: ModelWorld;
  /** How the second of the two calm `up`s ended. */
  readonly outcome: Outcome;
  /** The codes with which it may fail. */
  readonly refusals: readonly DadosferaErrorCode[];
  readonly last: Program;
  /** Every `up` that ended well, with what it did. */
  readonly done: readonly Done[];
}

type Done = Extract<Outcome, { kind: "ended" }>;

/** Plays a story to its end: the calm `up`s, then one ordinary run. */
export async function play(script: Script, subject: Subject): Promise<Ending> {
  const world = new ModelWorld(script.nature);
  const giveBack = intervalsBy(world.clock, (work) => world.renew(work));
  try {
    return await new Player(script, subject, world).play();
  } finally {
    giveBack();
  }
}

class Player {
  readonly #script: Script;
  readonly #subject: Subject;
  readonly #world: ModelWorld;
  readonly #done: Done[] = [];
  readonly #orphans: Promise<unknown>[] = [];
  #state: StackState;
  #processes = 0;

  constructor(script: Script, subject: Subject, world: ModelWorld) {
    this.#script = script;
    this.#subject = subject;
    this.#world = world;
    this.#state = createdState(world);
  }

  async play(): Promise<Ending> {
    const world = this.#world;
    for (const happenings of this.#script.history) {
      for (const happening of happenings) happen(happening, world);
      world.runAndWait();
    }
    for (const step of this.#script.steps) await this.#take(step);
    await Promise.all(this.#orphans);
    world.maestro.calm();
    await this.#refreshPipeline();
    const last = this.#programOf(this.#script.last);
    this.#remember(await up(this.#command(CALM), this.#state, last));
    const refusals = justRefusals(last, this.#state, world);
    const outcome = this.#remember(await up(this.#command(CALM), this.#state, last));
    world.waitForRuns();
    return { world, outcome, refusals, last, done: this.#done };
  }

  /** As Pulumi asks for where an engine was killed in the middle: nobody else knows what its last request did to the schedule. */
  async #refreshPipeline(): Promise<void> {
    const outcome = await refresh(this.#command(CALM), this.#state);
    if (outcome.kind === "killed") return;
    this.#state = { ...this.#state, pipeline: outcome.state.pipeline };
  }

  async #take(step: Step): Promise<void> {
    switch (step.kind) {
      case "happenings":
        for (const happening of step.happenings) happen(happening, this.#world);
        return;
      case "refresh":
        this.#remember(await refresh(this.#command(CALM), this.#state));
        return;
      case "destroy":
        await destroyJob(this.#command(this.#fateOf(step.trouble)), this.#state);
        return;
      case "up":
        await this.#up(step);
    }
  }

  async #up({ program, trouble, isEngineKilled, beside }: Step & { kind: "up" }): Promise<void> {
    const command = this.#command(this.#fateOf(trouble));
    const work = up(command, this.#state, this.#programOf(program));
    const { cron } = this.#programOf(program);
    const other =
      beside &&
      up(this.#command(this.#fateOf(beside.trouble)), this.#state, {
        ...this.#programOf(beside.program),
        cron,
      });
    if (other !== undefined) this.#orphans.push(other.then((outcome) => this.#note(outcome)));
    if (isEngineKilled) this.#orphans.push(work.then((outcome) => this.#note(outcome)));
    else this.#remember(await work);
    if (!isEngineKilled) await other;
  }

  /** What the engine writes into the state when a command has ended. */
  #remember(outcome: Outcome): Outcome {
    if (outcome.kind !== "killed") this.#state = outcome.state;
    this.#note(outcome);
    return outcome;
  }

  #note(outcome: Outcome): void {
    if (outcome.kind === "ended") this.#done.push(outcome);
  }

  #programOf(number: number): Program {
    const program = this.#script.programs[number];
    if (program === undefined) throw new Error(`There is no program ${number}`);
    return program;
  }

  #command(fate: Fate): Command {
    this.#processes += 1;
    const world = this.#world;
    const process = new ModelProcess(
      `somebody@model process ${this.#processes}`,
      world.stage,
      fate,
    );
    const parts = { world, subject: this.#subject, process };
    return { ...parts, context: contextOf(parts) };
  }

  #fateOf({ faults, happenings, rhythm }: Trouble): Fate {
    return {
      faults: new Map(faults.map(({ at, fault }) => [at, fault])),
      rhythm,
      around: (nth) => {
        for (const { at, happening } of happenings) if (at === nth) happen(happening, this.#world);
      },
    };
  }
}

function happen(happening: Happening, { source, maestro, clock }: ModelWorld): void {
  switch (happening.kind) {
    case "insert":
      source.insert(happening.hasFraction);
      return;
    case "insert without cursor":
      source.insertWithoutCursor();
      return;
    case "update":
      source.update(happening.nth, happening.hasFraction);
      return;
    case "edit":
      source.edit(happening.nth);
      return;
    case "delete":
      source.delete(happening.nth);
      return;
    case "foreign run":
      maestro.start();
      return;
    case "failing runs":
      maestro.failNext(happening.count);
      return;
    case "time passes":
      clock.advance(happening.ms);
  }
}
