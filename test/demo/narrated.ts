import { FalseClaim, narration } from "./narration.js";

/** Tells a walkthrough, and how long it took; ends with 1 if it broke off or anything that it says is not true. */
export function narrated(tell: () => Promise<void>): void {
  const startedAt = performance.now();
  tell().then(
    () => {
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      narration.text("", `Everything said above was checked, and is true. It took ${seconds} s.`);
    },
    (error: unknown) => {
      const { message, cause } = error as Error;
      process.stderr.write(`\n${message}\n`);
      if (error instanceof FalseClaim) process.stderr.write(`${(cause as Error).message}\n`);
      process.exitCode = 1;
    },
  );
}
