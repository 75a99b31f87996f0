/**
 * Pulumi's text without what it says twice: each line of progress names its resource in full, and the diagnostics of an
 * update repeat all of them at the end.
 */
export class CalmOutput {
  readonly #begun = new Set<string>();
  #isPreview = false;
  #isRepetition = false;

  /** Takes line by line; answers the line to show, or undefined for none. */
  take(line: string): string | undefined {
    if (line.startsWith("Previewing")) this.#isPreview = true;
    if (/^\S/.test(line)) this.#isRepetition = !this.#isPreview && line === "Diagnostics:";
    if (this.#isRepetition) return line === "Diagnostics:" ? "" : undefined;
    const event = EVENT.exec(line)?.groups;
    return event === undefined ? line : this.#takeEvent(event);
  }

  #takeEvent({ mark, type, name, status = "", message }: Readonly<Record<string, string>>) {
    if (type === "Stack" || mark?.trim() === "") return undefined;
    const step = ` ${mark?.trim()}  ${type} ${name} ${status}`;
    if (!status.includes("ing (")) return step;
    // The time in brackets grows from line to line; a step begins once.
    const beginning = step.replace(/ \(.*/, "");
    if (this.#begun.has(beginning)) return message === "" ? undefined : `      ${message}`;
    this.#begun.add(beginning);
    return beginning;
  }
}

const EVENT =
  /^ (?<mark>[-+~= ]{1,2}) +pulumi[-\w]*:\S*?(?<type>\w+) (?<name>\S+) (?<status>[*a-z ]*(?:\([\d.]+m?s\))?) *(?:\[diff: [^\]]*\])?;? *(?<message>.*)$/;
