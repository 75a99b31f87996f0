import type { Place } from "../lifecycle/context.js";

interface Turn {
  readonly place: Place;
  readonly ended: Promise<unknown>;
}

/** The order among the work of one process: on one job, and on a pipeline and its jobs, one comes after the other. */
export class Turns {
  #turns: readonly Turn[] = [];

  /** Everything that has begun or waits for its turn. */
  get underWay(): readonly Promise<unknown>[] {
    return this.#turns.map(({ ended }) => ended);
  }

  /** Runs the work when all that came before it and must not meet it has ended, well or badly. */
  take<T>(place: Place, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.filter((other) => excludes(place, other.place));
    const ended = Promise.allSettled(before.map((turn) => turn.ended))
      .then(work)
      .finally(() => {
        this.#turns = this.#turns.filter((other) => other !== mine);
      });
    const mine: Turn = { place, ended };
    this.#turns = [...this.#turns, mine];
    return ended;
  }
}

function excludes(one: Place, other: Place): boolean {
  const isWhole = one.jobId === undefined || other.jobId === undefined;
  return one.pipelineId === other.pipelineId && (isWhole || one.jobId === other.jobId);
}
