import type { EngineEvent, Operation, Severity, Step } from "./events.js";
import { prefixOf } from "./outcome.js";
import { type PropertyMap, unknownValue } from "./property.js";
import { nameOf, typeOf } from "./resource-state.js";
import { formatFailure, formatStatus, markOfOperation } from "./status-text.js";
import { formatSummary } from "./summary-text.js";
import { formatChanges, formatProperties } from "./value-text.js";

export interface DisplayOptions {
  readonly write: (text: string) => void;
  readonly isTty: boolean;
  readonly isPreview: boolean;
  /** Whether each event has its line; if not, only what comes at the end is shown. */
  readonly hasRows: boolean;
  /** Whether unchanged resources have their line. */
  readonly hasSames?: boolean;
  /** Whether the stack has a line at the end, even if nothing was done to it. */
  readonly endsWithStack?: boolean;
  readonly stackUrn: string;
}

type Message = EngineEvent & { readonly kind: "message" };

interface Row {
  readonly operation: Operation;
  readonly status: string;
  readonly changed: string;
}

const unchanged: Row = { operation: "same", status: "", changed: "" };

/** Shows a run as it goes, line by line, in the manner of the Pulumi CLI without a terminal. */
export class TextDisplay {
  readonly #options: DisplayOptions;
  readonly #rows = new Map<string, Row>();
  readonly #messages = new Map<string, Message[]>();
  readonly #counts = new Map<Operation, number>();
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
    switch (event.kind) {
      case "step-started":
        this.#isRefreshing ||= event.step.operation === "refresh";
        this.#showStep(event.step, { phase: "started", seconds: 0 });
        return;
      case "step-finished":
        this.#count(event.step.operation);
        if (event.step.isUntouched) return;
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
  finish(end: { readonly isFailed: boolean; readonly seconds: number | undefined }): void {
    const { stackUrn, hasRows } = this.#options;
    this.#isEnding = true;
    const isInterrupted = end.isFailed && !this.#options.isPreview;
    for (const urn of this.#messages.keys()) {
      if (urn !== stackUrn && !this.#rows.has(urn) && this.#errorsOf(urn) > 0)
        this.#showLast(urn, isInterrupted);
    }
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

  #showStep(
    step: Step,
    at: { readonly phase: "started" | "finished" | "failed"; readonly seconds: number },
  ): void {
    const { operation, urn, changed } = step;
    const status = formatStatus(step, { ...at, isPreview: this.#options.isPreview });
    // The stack is at work until the very end, however early its own step is done.
    const isEnd = at.phase === "finished" && !this.#options.isPreview && operation !== "same";
    const isStackEnd = urn === this.#options.stackUrn && isEnd;
    if (isStackEnd) {
      this.#stackStatus = status;
      if (this.#rows.has(urn)) return;
    }
    this.#rows.set(urn, { operation, status: isStackEnd ? "" : status, changed });
    if (!this.#isQuiet(step, at.phase)) this.#showRow(urn, this.#lastMessageOf(urn));
    // A refresh of the stack is at an end as soon as it has begun: there is nothing to read.
    if (operation === "refresh" && urn === this.#options.stackUrn) this.#rows.set(urn, unchanged);
  }

  #isQuiet(step: Step, phase: "started" | "finished" | "failed"): boolean {
    const { operation, urn, changed } = step;
    // The end of a reading is told by what was found, unless an update is to follow.
    if (operation === "refresh") return phase === "finished" && step.new === undefined;
    if (phase === "started") return this.#options.isPreview;
    if (operation !== "same" || this.#isRefreshing || this.#options.hasSames) return false;
    return urn === this.#options.stackUrn || changed === "";
  }

  #showMessage(message: Message): void {
    const urn = message.urn ?? this.#options.stackUrn;
    if (!message.isEphemeral)
      this.#messages.set(urn, [...(this.#messages.get(urn) ?? []), message]);
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
    const status = isWaiting ? "running" : (row?.status ?? "");
    const line = ` ${mark} ${typeOf(urn)} ${nameOf(urn)} ${status} ${info}`;
    this.#write(isPassing ? line : `${line}\n`);
    this.#hasPassingLine = isPassing;
  }

  #formatDiagnostics(): string {
    if (this.#messages.size === 0) return "";
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

function firstLine({ severity, text }: Message): string {
  return `${prefixOf(severity)}${text.split("\n")[0]}`;
}

function fullText({ severity, text }: Message): string {
  const lines = `${prefixOf(severity)}${text.replace(/\n+$/, "")}`.split("\n");
  return lines.map((line) => `    ${line}\n`).join("");
}

function countMessages(messages: readonly Message[]): string {
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
