import type { EngineEvent, Operation, Step } from "./events.js";
import { countMessages, firstLine, fullText, type Message, withPrefix } from "./message-text.js";
import { type PropertyMap, unknownValue } from "./property.js";
import { nameOf, typeOf } from "./resource-state.js";
import { formatFailure, formatStatus, markOfOperation } from "./status-text.js";
import { formatSummary } from "./summary-text.js";
import { formatChanges, formatProperties } from "./value-text.js";

export interface DisplayOptions {
  readonly write: (text: string) => void;
  /** Gets the messages where no event has its line. */
  readonly writeError: (text: string) => void;
  readonly isTty: boolean;
  readonly isPreview: boolean;
  /** Whether each event has its line; if not, only what comes at the end is shown, and messages as they come. */
  readonly hasRows: boolean;
  /** Whether unchanged resources have their line. */
  readonly hasSames?: boolean;
  /** Whether the stack has a line at the end, even if nothing was done to it. */
  readonly endsWithStack?: boolean;
  readonly stackUrn: string;
}

interface Row {
  readonly operation: Operation;
  readonly status: string;
  readonly changed: string;
}

const unchanged: Row = { operation: "same", status: "", changed: "" };

function isReading({ operation, new: next }: Step): boolean {
  return operation === "refresh" && next === undefined;
}

/** Shows a run as it goes, line by line, in the manner of the Pulumi CLI without a terminal. */
export class TextDisplay {
  readonly #options: DisplayOptions;
  readonly #rows = new Map<string, Row>();
  readonly #messages = new Map<string, Message[]>();
  readonly #counts = new Map<Operation, number>();
  /** What has begun and neither ended nor failed. */
  readonly #open = new Set<string>();
  #outputs: (EngineEvent & { readonly kind: "stack-outputs" }) | undefined;
  #stackStatus: string | undefined;
  #hasPassingLine = false;
  #isEnding = false;
  /** A run that refreshes tells of unchanged resources too. */
  #isRefreshing = false;

  constructor(options: DisplayOptions) {
    this.#options = options;
  }

  readonly listen = (event: EngineEvent): void => {
    if (this.#isEnding) return;
    switch (event.kind) {
      case "step-started":
        this.#isRefreshing ||= event.step.operation === "refresh";
        this.#showStep(event.step, { phase: "started", seconds: 0 });
        return;
      case "step-finished":
        this.#count(event.step.operation);
        // The end of a reading is told by what was found.
        if (event.step.isUntouched || isReading(event.step)) return;
        this.#showStep(event.step, { phase: "finished", seconds: event.seconds });
        return;
      case "step-failed":
        this.#showStep(event.step, { phase: "failed", seconds: 0 });
        return;
      case "message":
        this.#showMessage(event);
        return;
      case "stack-outputs":
        this.#outputs = event;
        return;
    }
  };

  /** Everything that comes after the last event. */
  finish(end: {
    readonly isFailed: boolean;
    /** What is under way goes on without anybody who sees its end. */
    readonly isAbandoned: boolean;
    readonly seconds: number | undefined;
  }): void {
    const { stackUrn, hasRows } = this.#options;
    this.#isEnding = true;
    const isInterrupted = end.isFailed && !this.#options.isPreview;
    for (const urn of this.#messages.keys()) {
      const isOver = this.#rows.has(urn) && !this.#open.has(urn);
      if (urn !== stackUrn && !isOver && this.#errorsOf(urn) > 0)
        this.#showLast(urn, isInterrupted);
    }
    if (end.isAbandoned) this.#showAbandoned();
    const isMet = this.#rows.has(stackUrn) || this.#messages.has(stackUrn);
    if (hasRows && (isMet || this.#options.endsWithStack)) this.#showLast(stackUrn, isInterrupted);
    this.#write(this.#formatDiagnostics() + this.#formatOutputs());
    const errored = [...this.#messages.keys()].filter((urn) => this.#errorsOf(urn) > 0).length;
    this.#write(
      formatSummary({ counts: this.#counts, errored, isPreview: this.#options.isPreview }),
    );
    if (end.seconds !== undefined)
      this.#write(`Duration: ${Math.max(1, Math.round(end.seconds))}s\n\n`);
  }

  #showAbandoned(): void {
    for (const urn of this.#open) {
      const row = this.#rows.get(urn) ?? unchanged;
      this.#rows.set(urn, { ...row, status: row.status.replace(/\(.*\)/, "(interrupted)") });
      if (urn !== this.#options.stackUrn) this.#showRow(urn, "");
    }
  }

  #showStep(
    step: Step,
    at: { readonly phase: "started" | "finished" | "failed"; readonly seconds: number },
  ): void {
    const { operation, urn, changed } = step;
    const { isPreview, stackUrn } = this.#options;
    const status = formatStatus(step, { ...at, isPreview });
    // The stack is at work until the very end, however early its own step is done.
    const isEnd = at.phase === "finished" && !isPreview && operation !== "same";
    const isStackEnd = urn === stackUrn && isEnd;
    if (isStackEnd) {
      this.#stackStatus = status;
      if (this.#rows.has(urn)) return;
    }
    const before = this.#rows.get(urn);
    this.#note(urn, at.phase);
    this.#rows.set(urn, { operation, status: isStackEnd ? "" : status, changed });
    // In a preview a step looks at its beginning as it does in the end.
    const isRepeated = isPreview && before?.operation === operation && before.status === status;
    if (!isRepeated && !this.#isQuiet(step, at.phase)) this.#showRow(urn, this.#lastMessageOf(urn));
    // A refresh of the stack is at an end as soon as it has begun: there is nothing to read.
    if (operation === "refresh" && urn === stackUrn) this.#rows.set(urn, unchanged);
  }

  #note(urn: string, phase: "started" | "finished" | "failed"): void {
    // What fails in a preview has not come to an end: nothing was tried.
    if (phase === "started" || (phase === "failed" && this.#options.isPreview)) this.#open.add(urn);
    else this.#open.delete(urn);
  }

  #isQuiet(step: Step, phase: "started" | "finished" | "failed"): boolean {
    const { operation, urn, changed } = step;
    if (phase === "started") return false;
    if (operation !== "same" || this.#isRefreshing || this.#options.hasSames) return false;
    return urn === this.#options.stackUrn || changed === "";
  }

  #showMessage(message: Message): void {
    const urn = message.urn ?? this.#options.stackUrn;
    if (!message.isEphemeral)
      this.#messages.set(urn, [...(this.#messages.get(urn) ?? []), message]);
    if (!this.#options.hasRows) this.#options.writeError(withPrefix(message));
    this.#showRow(urn, firstLine(message), message.isEphemeral && this.#options.isTty);
  }

  #showLast(urn: string, isInterrupted: boolean): void {
    const row = this.#rows.get(urn) ?? unchanged;
    const isFailed = isInterrupted && this.#errorsOf(urn) > 0;
    const ended = (urn === this.#options.stackUrn ? this.#stackStatus : undefined) ?? row.status;
    this.#rows.set(urn, { ...row, status: isFailed ? formatFailure(row.operation) : ended });
    this.#showRow(urn, countMessages(this.#messages.get(urn) ?? []));
  }

  #showRow(urn: string, note: string, isPassing = false): void {
    if (!this.#options.hasRows) return;
    const row = this.#rows.get(urn);
    const mark = markOfOperation(row?.operation ?? "same");
    const changed = row?.changed ? `[diff: ${row.changed}]` : "";
    const info = [changed, note].filter((part) => part !== "").join("; ");
    const isWaiting =
      urn === this.#options.stackUrn && row?.operation === "same" && !this.#isEnding;
    const status = isWaiting ? "running" : this.#statusOf(urn);
    const line = ` ${mark} ${typeOf(urn)} ${nameOf(urn)} ${status} ${info}`;
    this.#write(isPassing ? line : `${line}\n`);
    this.#hasPassingLine = isPassing;
  }

  /** A step that was done, but with an error logged about its resource, is shown as a failure. */
  #statusOf(urn: string): string {
    const { operation, status } = this.#rows.get(urn) ?? unchanged;
    const isDone = !this.#options.isPreview && !this.#open.has(urn) && status !== "";
    return isDone && this.#errorsOf(urn) > 0 ? formatFailure(operation) : status;
  }

  #formatDiagnostics(): string {
    if (this.#messages.size === 0 || !this.#options.hasRows) return "";
    const blocks = [...this.#messages].map(([urn, messages]) => {
      const sources = [...new Set(messages.map(({ source }) => source))];
      const texts = sources.map((source) =>
        messages
          .filter((each) => each.source === source)
          .map(fullText)
          .join(""),
      );
      return `  ${typeOf(urn)} (${nameOf(urn)}):\n${texts.join("\n")}\n`;
    });
    return `Diagnostics:\n${blocks.join("")}`;
  }

  #formatOutputs(): string {
    if (this.#outputs === undefined) return "";
    const { old, new: next } = this.#outputs;
    const isFresh = this.#rows.get(this.#options.stackUrn)?.operation === "create";
    const lines = isFresh
      ? formatProperties(next, "    ")
      : formatChanges(old, this.#knownOf(old, next), {
          indent: "    ",
          onlyChanges: this.#options.isPreview && !this.#options.hasSames,
        });
    return lines.length === 0 ? "" : `Outputs:\n${lines.map((line) => `${line}\n`).join("")}\n`;
  }

  /** In a preview an output that may change, or may not, counts as what it was. */
  #knownOf(old: PropertyMap, next: PropertyMap): PropertyMap {
    const entries = Object.entries(next).map(([key, value]) => [
      key,
      value === unknownValue ? (old[key] ?? value) : value,
    ]);
    return Object.fromEntries(entries);
  }

  #count(operation: Operation): void {
    this.#counts.set(operation, (this.#counts.get(operation) ?? 0) + 1);
  }

  #errorsOf(urn: string): number {
    return (this.#messages.get(urn) ?? []).filter(({ severity }) => severity === "error").length;
  }

  #lastMessageOf(urn: string): string {
    const last = this.#messages.get(urn)?.at(-1);
    return last === undefined || urn === this.#options.stackUrn ? "" : firstLine(last);
  }

  #write(text: string): void {
    if (text === "") return;
    this.#options.write(this.#hasPassingLine ? `\r\u001b[2K${text}` : text);
    this.#hasPassingLine = false;
  }
}
