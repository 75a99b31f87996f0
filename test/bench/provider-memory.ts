import { writeFileSync } from "node:fs";

// Loaded by every process of a run: the provider's writes down, again and again, the most memory that it has held so
// far. At its end it could not, because it is killed by a signal.
const file = process.env["PROVIDER_MEMORY"];
if (file !== undefined && process.argv[1]?.includes("dynamic-provider") === true) {
  const note = () => writeFileSync(file, String(process.resourceUsage().maxRSS / 1024));
  setInterval(note, 50).unref();
}
