import type { EngineEvent, Severity } from "./events.js";
import { prefixOf } from "./outcome.js";

export type Message = EngineEvent & { readonly kind: "message" };

/** A message as it came, after `warning: ` or `error: `. */
export function withPrefix({ severity, text }: Message): string {
  return `${prefixOf(severity)}${text}\n`;
}

export function firstLine(message: Message): string {
  return withPrefix(message).split("\n")[0] ?? "";
}

/** All of it, as it stands under its resource at the end. */
export function fullText({ severity, text }: Message): string {
  const lines = `${prefixOf(severity)}${text.replace(/\n+$/, "")}`.split("\n");
  return lines.map((line) => `    ${line}\n`).join("");
}

/** Such as `1 error; 2 messages`. */
export function countMessages(messages: readonly Message[]): string {
  const count = (wanted: readonly Severity[], noun: string): string[] => {
    const found = messages.filter(({ severity }) => wanted.includes(severity)).length;
    return found === 0 ? [] : [`${found} ${noun}${found === 1 ? "" : "s"}`];
  };
  return [
    ...count(["error"], "error"),
    ...count(["warning"], "warning"),
    ...count(["info", "info#err"], "message"),
  ].join("; ");
}
