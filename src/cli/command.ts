/** Where a command writes to, and whether a person is looking. Text is written as it is: a line brings its own end. */
export interface CommandIo {
  write(text: string): void;
  writeError(text: string): void;
  readonly isTty: boolean;
}

/** One command of `dadosfera`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole help text. */
  readonly help: string;
  /** It has commands of its own, and answers --help itself. */
  readonly helps?: boolean;
  /** Answers the exit code: 0 done; 1 failed; 2 refused or misused. */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}
