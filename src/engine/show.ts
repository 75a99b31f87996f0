import type { EngineCommand } from "./command.js";
import type { Listener } from "./events.js";
import { JsonEvents } from "./json-events.js";
import type { Outcome } from "./outcome.js";
import type { Order } from "./perform.js";
import { type ResourceState, stackType } from "./resource-state.js";
import type { StackConfig } from "./stack-config.js";
import { TextDisplay } from "./text-display.js";
import { formatTree } from "./tree-text.js";

/** How a person or a program sees a run: as text, as one JSON document, or as JSON events. */
export interface Show {
  readonly listen: Listener;
  readonly finish: (end: {
    readonly isFailed: boolean;
    /** What is under way goes on without anybody who sees its end. */
    readonly isAbandoned: boolean;
    readonly seconds: number;
    /** What the state has in the end. */
    readonly left: readonly ResourceState[];
  }) => void;
}

interface Shown {
  readonly isPreview: boolean;
  readonly outcome: Outcome;
  readonly config: StackConfig;
  readonly findSettled: (urn: string) => ResourceState | undefined;
}

export function startShow(order: Order, shown: Shown): Show {
  const { command } = order;
  if (command.json !== true) return showText(order, shown);
  const isDocument = command.verb === "preview" || command.previewOnly === true;
  return isDocument ? showDocument(order, shown) : showEvents(order, shown);
}

function showText({ command, io, session }: Order, { isPreview, outcome }: Shown): Show {
  const { name } = session.project;
  const display = new TextDisplay({
    write: io.write,
    writeError: io.writeError,
    isTty: io.isTty,
    isPreview,
    hasRows: command.diff !== true,
    hasSames: command.showSames ?? false,
    endsWithStack: command.verb === "refresh",
    stackUrn: `urn:pulumi:${session.stack}::${name}::${stackType}::${name}-${session.stack}`,
  });
  io.write(`${wordsOf(command, isPreview).title} (${session.stack}):\n${command.diff ? "" : "\n"}`);
  return {
    listen: display.listen,
    finish({ isFailed, isAbandoned, seconds, left }) {
      if (command.diff) io.write(formatTree(outcome.finishedSteps, command.showSames));
      display.finish({ isFailed, isAbandoned, seconds: isPreview ? undefined : seconds });
      if (command.verb === "destroy" && !isPreview && !isFailed) io.write(formatLeft(left));
    },
  };
}

function showDocument({ io }: Order, { outcome, config }: Shown): Show {
  return {
    listen: () => undefined,
    finish({ seconds }) {
      const { steps, diagnostics, changeSummary } = outcome;
      const document = {
        ...(config.size > 0 && { config: shownConfig(config) }),
        steps,
        ...(diagnostics.length > 0 && { diagnostics }),
        duration: Math.round(seconds * 1e9),
        changeSummary,
      };
      io.write(`${JSON.stringify(document, null, 2)}\n`);
    },
  };
}

function showEvents({ io }: Order, { isPreview, outcome, config, findSettled }: Shown): Show {
  const events = new JsonEvents({
    write: io.write,
    isPreview,
    config: shownConfig(config),
    findSettled,
  });
  return {
    listen: events.listen,
    finish: ({ isFailed, seconds }) =>
      events.finish({ isFailed, seconds, changes: outcome.changeSummary }),
  };
}

function shownConfig(config: StackConfig): Readonly<Record<string, string>> {
  return Object.fromEntries([...config].map(([key, { shown }]) => [key, shown]));
}

/** What a destroy left in the state. */
function formatLeft(left: readonly ResourceState[]): string {
  const count = left.length;
  if (count === 0)
    return "The resources in the stack have been deleted, but its configuration and its empty state are still there.\n";
  return left.some(({ protect }) => protect)
    ? `All unprotected resources were destroyed. There are still ${count} protected resources associated with this stack.\n`
    : "";
}

export function wordsOf(
  { verb }: EngineCommand,
  isPreview: boolean,
): { readonly title: string; readonly noun: string } {
  const isPlain = verb === "preview" || verb === "up";
  if (isPreview) return { title: `Previewing ${isPlain ? "update" : verb}`, noun: "preview" };
  const titles = {
    up: "Updating",
    refresh: "Refreshing",
    destroy: "Destroying",
    import: "Importing",
    preview: "",
    cancel: "",
    export: "",
  };
  return { title: titles[verb], noun: "update" };
}
