/** A wish to end: the first one is to end well, the second to end now. */
export interface Interruption {
  /** Calls back on the first wish, or at once if it has been uttered. */
  readonly onFirst: (act: () => void) => void;
  /** Resolves on the second wish. */
  readonly second: Promise<void>;
  readonly [Symbol.dispose]: () => void;
}

/** Listens to SIGINT and SIGTERM until it is disposed of. */
export function watchSignals(write: (text: string) => void): Interruption {
  const listeners: (() => void)[] = [];
  let received = 0;
  let endNow = (): void => undefined;
  const second = new Promise<void>((resolve) => {
    endNow = resolve;
  });
  const onSignal = (signal: NodeJS.Signals): void => {
    received += 1;
    const name = signal === "SIGINT" ? "^C" : signal;
    if (received > 1) {
      write(`${name} received; terminating\n`);
      endNow();
      return;
    }
    const again = signal === "SIGINT" ? "press ^C again" : `send ${signal} again`;
    write(`${name} received; cancelling. If you would like to terminate immediately, ${again}.\n`);
    write(
      "Note that terminating immediately may lead to orphaned resources and other inconsistencies.\n\n",
    );
    for (const act of listeners.splice(0)) act();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    onFirst: (act) => (received > 0 ? act() : void listeners.push(act)),
    second,
    [Symbol.dispose]: () => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
