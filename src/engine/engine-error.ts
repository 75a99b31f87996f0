/** What an error of the engine tells: what happened, what is true now, what to do next. */
export interface Trouble {
  readonly happened: string;
  readonly now: string;
  readonly next: string;
  /** 1: it failed; 2: it was refused, and nothing was tried. */
  readonly exitCode: 1 | 2;
}

/** An error meant for the person at the terminal, in three lines. */
export class EngineError extends Error {
  readonly exitCode: 1 | 2;

  constructor(trouble: Trouble, options?: ErrorOptions) {
    super(`${trouble.happened}\n${trouble.now}\n${trouble.next}`, options);
    this.name = "EngineError";
    this.exitCode = trouble.exitCode;
  }
}

/** A thing that Pulumi can do and this engine cannot, refused by its name. */
export function refuseFeature(feature: string): EngineError {
  return new EngineError({
    happened: `Refused: this engine does not do ${feature}.`,
    now: "It stopped before that step; what was done before it is saved.",
    next: "Leave it out, or use the Pulumi CLI: this engine is for demos and tests, not for deployments.",
    exitCode: 2,
  });
}
