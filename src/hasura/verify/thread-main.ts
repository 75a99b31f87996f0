import { parentPort, workerData } from "node:worker_threads";
import { isDadosferaError } from "../../domain/errors.js";
import { parseEngine } from "../scratch/engine-name.js";
import { playStretch } from "./stretch.js";
import type { ThreadTask, ThreadWord } from "./threads.js";

/** The first file of a thread: plays the stretch that it was started with. */
async function main({ engine, extensions, stretch }: ThreadTask): Promise<void> {
  const start = () => parseEngine(engine).start(extensions);
  const played = await playStretch(start, stretch, (label) => say({ kind: "judging", label }));
  say({ kind: "played", played });
}

function say(word: ThreadWord): void {
  parentPort?.postMessage(word);
}

main(workerData as ThreadTask).catch((error: unknown) => {
  if (!isDadosferaError(error)) throw error;
  const { code, happened, now, next } = error;
  say({ kind: "refused", trouble: { code, happened, now, next } });
});
