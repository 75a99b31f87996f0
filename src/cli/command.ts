/** Where a command writes; only `main.ts` knows the console. */
export interface CommandIo {
  write(text: string): void;
  writeError(text: string): void;
  readonly isTty: boolean;
}

/** One command of `dadosfera`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  /** Answers the exit code: 0 done, 1 failed, 2 refused or misused and nothing tried. */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}
