import type { MemoryJob } from "./maestro.js";
import type { Storage } from "./storage.js";
import type { ModelSwitches } from "./switches.js";

/** The newest version of each key: seen through a view, or made anew by each run. */
export function deduplicate(job: MemoryJob, storage: Storage, { staged }: ModelSwitches): void {
  const name = job.deduplicated;
  const select = () => {
    const raw = storage.find(job.destination);
    const newest = new Map((raw?.rows ?? []).map((row) => [row.cells["ID"], row]));
    return { name, columns: raw?.columns ?? [], rows: [...newest.values()] };
  };
  if (staged === "view") storage.defineView(name, select);
  else storage.put(select());
}
