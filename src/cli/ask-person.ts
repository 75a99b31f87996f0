import { createInterface } from "node:readline/promises";

/** Asks a yes-or-no question at the terminal, on stderr. Anything but a clear yes is a no. */
export async function askPerson(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // A ^C at the question closes the terminal, and is a no.
    const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("no")));
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
