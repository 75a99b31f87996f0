import { parseArgs } from "node:util";
import { type ProgramPart, programParts, remarkText } from "../domain/generated-program.js";
import { type PipelineId, pipelineId } from "../domain/job-id.js";
import { quotedText } from "../domain/literal-text.js";
import { describePipeline } from "../domain/live-description.js";
import type { Context } from "../lifecycle/context.js";
import type { CommandIo } from "./command.js";

/** Which live pipelines a command is about. */
export type Which = PipelineId | "all";

export const WHICH_HELP = `  --pipeline ID  one pipeline
  --all          every pipeline of the tenant`;

const WHICH_OPTIONS = {
  pipeline: { type: "string" },
  all: { type: "boolean" },
} as const;

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

/** The flags of a command, or what is wrong with them. */
export function readFlags<const Own extends Options>(args: readonly string[], own: Own) {
  try {
    return parseArgs({ args: [...args], strict: true, options: { ...WHICH_OPTIONS, ...own } })
      .values;
  } catch (error) {
    return messageOf(error);
  }
}

/** Which pipelines two flags name, or what is wrong with them. */
export function readWhich(
  pipeline: string | undefined,
  all: boolean | undefined,
): { readonly which: Which } | string {
  if ((pipeline === undefined) === (all !== true)) return "say either --pipeline ID or --all.";
  if (pipeline === undefined) return { which: "all" };
  const id = pipelineId.safeParse(pipeline);
  return id.success
    ? { which: id.data }
    : `--pipeline "${pipeline}" is not a pipeline id (a UUID).`;
}

/**
 * Looks at what is live and hands it to `work` in the words of a program; says on stderr what those words leave out.
 * Answers the exit code: `work`'s own, or 2 if anything was left out; 1 if it failed.
 */
export async function withLiveParts(
  which: Which,
  io: CommandIo,
  work: (parts: readonly ProgramPart[]) => 0 | 2,
): Promise<number> {
  const { ProviderProcess } = await import("../adapter/process.js");
  const { readSettings } = await import("../adapter/settings.js");
  const silent = { show: () => undefined, flushed: () => Promise.resolve() };
  const settings = readSettings(process.env, () => undefined);
  const opened = new ProviderProcess(settings, silent);
  const withhold = (text: string) => opened.withhold(text);
  try {
    const live = await describeLive(which, opened.contextOf(""), withhold);
    for (const line of [...live.leftOut, ...live.notes]) io.writeError(`${withhold(line)}\n`);
    const code = work(live.parts);
    return live.leftOut.length > 0 ? 2 : code;
  } catch (error) {
    io.writeError(`${withhold(messageOf(error))}\n`);
    return 1;
  } finally {
    await opened.close();
  }
}

async function describeLive(which: Which, context: Context, withhold: (text: string) => string) {
  const { survey } = await import("../lifecycle/survey.js");
  const seen = await survey(which, context);
  const isCredential = (text: string) => withhold(text) !== text;
  const described = seen.pipelines.map((pipeline) => describePipeline(pipeline, isCredential));
  const hidden = described.reduce((sum, { hiddenConnections }) => sum + hiddenConnections, 0);
  return {
    parts: programParts(described),
    leftOut: [
      ...described.flatMap(({ remarks }) => remarks.map(remarkText)),
      ...seen.others.map(
        ({ id, name }) =>
          `Pipeline ${quotedText(name)} (${quotedText(id)}): its id is no UUID, and programs name no other.`,
      ),
    ],
    notes: [...seen.notes, ...(hidden === 0 ? [] : [hiddenText(hidden)])],
  };
}

function hiddenText(count: number): string {
  const whose = count === 1 ? "the connection of 1 job" : `the connections of ${count} jobs`;
  return `Maestro does not show ${whose}: \`configId\` is "unknown" there. Nothing compares it; put in the id if you know it.`;
}

/** Says on stderr what was refused, and how to go on. */
export function refuse(io: CommandIo, happened: string, next: string): 2 {
  io.writeError(`${happened}\nNothing was changed.\n${next}\n`);
  return 2;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
