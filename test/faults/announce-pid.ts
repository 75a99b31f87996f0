import { writeFileSync } from "node:fs";

// Loaded before everything else in every process that an engine starts: a test can then find the provider's and kill it.
const file = process.env["PROVIDER_PID_FILE"];
const isProvider = process.argv[1]?.includes("dynamic-provider") ?? false;
if (isProvider && file !== undefined) writeFileSync(file, String(process.pid));
