import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { CalmOutput } from "./calm-output.js";
import { narration } from "./narration.js";

export interface ShownCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly surroundings: { readonly cwd: string; readonly env: NodeJS.ProcessEnv };
  /** With 0, unless it is to refuse. */
  readonly isRefused?: boolean;
}

/** Runs a command, shows its output as it comes, and answers it. Throws unless it ends as it should. */
export async function runShown(
  line: string,
  { file, args, surroundings, isRefused = false }: ShownCommand,
): Promise<string> {
  narration.command(line);
  const child = spawn(file, args, { ...surroundings, stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(child, "close");
  const calm = new CalmOutput();
  const lines: string[] = [];
  child.stderr.on("data", (text: Buffer) => {
    const told = text.toString().trimEnd().split("\n");
    narration.text(...told);
    lines.push(...told);
  });
  for await (const each of createInterface({ input: child.stdout })) {
    const shown = calm.take(each);
    if (shown !== undefined) narration.text(shown);
    lines.push(each);
  }
  const [ended] = await closed;
  const text = lines.join("\n");
  if ((ended !== 0) !== isRefused) throw new Error(`\`${line}\` ended with ${ended}:\n${text}`);
  return text;
}
