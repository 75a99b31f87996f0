import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { DadosferaError, type Trouble } from "../../domain/errors.js";
import type { Played, Stretch } from "./stretch.js";

/** What a thread is given: an engine by its name, since a running one cannot be shared. */
export interface ThreadTask {
  readonly engine: string;
  readonly extensions: readonly string[];
  readonly stretch: Stretch;
}

/** What a thread says. */
export type ThreadWord =
  | { readonly kind: "judging"; readonly label: string }
  | { readonly kind: "played"; readonly played: Played }
  | { readonly kind: "refused"; readonly trouble: Trouble };

/** Plays a stretch in a thread of its own. Throws what `playStretch` throws there. */
export async function playInThread(
  task: ThreadTask,
  onJudging: (label: string) => void,
  signal: AbortSignal,
): Promise<Played> {
  const worker = new Worker(join(__dirname, "thread-main.js"), { workerData: task });
  let stop: () => void = () => undefined;
  const playing = new Promise<Played>((resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    worker.on("message", (word: ThreadWord) => {
      if (word.kind === "judging") onJudging(word.label);
      if (word.kind === "played") resolve(word.played);
      if (word.kind === "refused") reject(new DadosferaError(word.trouble));
    });
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`A thread ended with code ${code}.`)));
  });
  try {
    return await playing;
  } finally {
    signal.removeEventListener("abort", stop);
    await worker.terminate();
  }
}
