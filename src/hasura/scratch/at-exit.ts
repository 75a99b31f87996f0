/** Does something when this process ends, also by SIGINT, SIGTERM or SIGHUP. Answers a function that calls it off. */
export function atExit(act: () => void): () => void {
  pending.add(act);
  if (pending.size === 1) listen();
  return () => {
    if (pending.delete(act) && pending.size === 0) ignore();
  };
}

const pending = new Set<() => void>();
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function listen(): void {
  process.on("exit", actAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function ignore(): void {
  process.off("exit", actAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function actAll(): void {
  for (const act of [...pending]) {
    try {
      act();
    } catch {
      // What cannot be cleared away must not keep the rest, or the process.
    }
  }
  pending.clear();
  ignore();
}

/** Where somebody else listens, they decide when the process ends, and `exit` follows. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  actAll();
  process.kill(process.pid, signal);
}
