import { parseArgs } from "node:util";
import { isDadosferaError, type Trouble } from "../../domain/errors.js";
import type { Diagnosis } from "../../domain/finding.js";
import { planHealing, type Remedy } from "../../domain/healing.js";
import { type PipelineId, pipelineId } from "../../domain/job-id.js";
import type { Context } from "../../lifecycle/context.js";
import { askPerson } from "../ask-person.js";
import type { Command, CommandIo } from "../command.js";
import { diagnosisText, planText, remedyText } from "../doctor-text.js";

const SUMMARY = "Show what column changes left behind in the warehouse and at Maestro, and heal it";

export const doctorCommand: Command = {
  name: "doctor",
  summary: SUMMARY,
  help: `Usage: dadosfera doctor [flags]

${SUMMARY}.
It looks for unfinished changes, held schedules, expired leases, back-ups past their days, tables that lack
columns, and rows doubled by key and cursor since the last change. Without --heal it only reads. It needs no
program: settings are the DADOSFERA_… and SNOWFLAKE_… variables of the provider.

  --pipeline ID  look at one pipeline only
  --heal         show what would heal it, ask, and do it: changes are finished as they were begun (what the next
                 \`pulumi up\` of the same program would do), or undone if that was under way; schedules are put
                 back; leases are given back; back-ups are dropped
  --undo         with --heal: undo unfinished changes instead of finishing them
  --close CHANGE with --heal: end the change of that id as it stands, where its table or a back-up is gone for good, so
                 that it can be neither finished nor undone; refused otherwise. Rows and state stay as they are
  --yes          with --heal: do not ask
  --json         print one JSON document, and nothing else, on stdout

The JSON document: { version: 1, healthy, findings, underWay, notes }, and with --heal also healed and failed.
Each finding has a "kind", a "pipelineId" and facts; findings are what is left after healing. Each of healed and
failed has the "remedy"; failed has the "error" as well: code, happened, now, next. Times are UTC.

Exit codes: 0 healthy, or healed; 1 could not look; 2 something to do, refused or misused.`,
  run,
};

interface Flags {
  readonly pipeline: PipelineId | undefined;
  readonly isHealing: boolean;
  readonly prefers: "finish" | "undo";
  /** The change that a person gives up as lost. */
  readonly givenUp: string | undefined;
  readonly isAgreed: boolean;
  readonly isJson: boolean;
}

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = readFlags(args);
  if (typeof flags === "string") {
    return refuse(io, `Did not look: ${flags}`, "Run `dadosfera doctor --help` to see the flags.");
  }
  const { ProviderProcess } = await import("../../adapter/process.js");
  const { readSettings } = await import("../../adapter/settings.js");
  const say = (text: string) => (flags.isJson ? io.writeError(text) : io.write(text));
  const log = {
    show: (_severity: string, text: string, _urn: string, isPassing: boolean) =>
      isPassing ? undefined : say(`   ${text.replaceAll("\n", "\n   ")}\n`),
    flushed: () => Promise.resolve(),
  };
  const settings = readSettings(process.env, () => undefined);
  const opened = new ProviderProcess(settings, log);
  const visit: Visit = {
    flags,
    io,
    say,
    context: opened.contextOf(""),
    withhold: (text) => opened.withhold(text),
    interrupt: () => void opened.interrupt(),
  };
  try {
    return await attend(visit);
  } catch (error) {
    io.writeError(`${visit.withhold(messageOf(error))}\n`);
    return 1;
  } finally {
    await opened.close();
  }
}

interface Visit {
  readonly flags: Flags;
  readonly io: CommandIo;
  /** Says something to the person who looks on: not on stdout where that carries JSON. */
  readonly say: (text: string) => void;
  readonly context: Context;
  /** A text without any credential. */
  readonly withhold: (text: string) => string;
  /** Ends waiting work, which then writes how far it came. */
  readonly interrupt: () => void;
}

async function attend(visit: Visit): Promise<number> {
  const { flags, say, context } = visit;
  const { examine } = await import("../../lifecycle/doctor/examine.js");
  const seen = await examine(context, flags.pipeline);
  const remedies = planHealing(seen, flags.prefers, flags.givenUp);
  if (flags.givenUp !== undefined && !remedies.some(({ kind }) => kind === "close-change")) {
    return refuse(
      visit.io,
      `Did not heal: there is no unfinished change ${flags.givenUp} that nobody works on.`,
      "Run `dadosfera doctor` to see the changes and their ids.",
    );
  }
  if (!flags.isHealing || remedies.length === 0) {
    show(visit, seen, flags.isHealing ? noHealing : undefined);
    if (remedies.length > 0 && !flags.isJson) say(`\n${OFFER}\n`);
    return codeOf(seen);
  }
  say(`${diagnosisText(seen)}\n${planText(remedies)}\n`);
  if (!(await isAgreed(visit))) return 2;
  // While it only looks, ^C ends it at once; a second ^C always does.
  process.once("SIGINT", visit.interrupt);
  const healing = await healAll(remedies, visit);
  process.removeListener("SIGINT", visit.interrupt);
  const left = await examine(context, flags.pipeline);
  show(visit, left, healing);
  return healing.failed.length > 0 ? 2 : codeOf(left);
}

/** Asks whether to go on, unless that was said before; says so where it may not. */
async function isAgreed({ flags, io }: Visit): Promise<boolean> {
  if (flags.isAgreed) return true;
  if (!io.isTty || !process.stdin.isTTY) {
    refuse(
      io,
      "Did not heal: there is no terminal to ask on.",
      "Run it with --yes to do what is listed above.",
    );
    return false;
  }
  if (await askPerson("Do this?")) return true;
  refuse(io, "Did not heal: the answer was no.", "Run it again whenever you like.");
  return false;
}

const OFFER =
  "Run `dadosfera doctor --heal` to heal what can be healed: it shows what it will do, and asks.";

/** What became of the remedies. */
interface Healing {
  readonly healed: readonly { readonly remedy: Remedy }[];
  readonly failed: readonly { readonly remedy: Remedy; readonly error: Trouble }[];
}

const noHealing: Healing = { healed: [], failed: [] };

/** One after the other; one that fails keeps none of the others from being tried. */
async function healAll(remedies: readonly Remedy[], visit: Visit): Promise<Healing> {
  const { heal } = await import("../../lifecycle/doctor/heal.js");
  let healing = noHealing;
  for (const remedy of remedies) {
    visit.say(`${remedyText(remedy)}\n`);
    try {
      await heal(remedy, visit.context);
      healing = { ...healing, healed: [...healing.healed, { remedy }] };
    } catch (error) {
      visit.io.writeError(`${visit.withhold(messageOf(error))}\n`);
      const failed = { remedy, error: troubleOf(error, visit.withhold) };
      healing = { ...healing, failed: [...healing.failed, failed] };
    }
  }
  visit.say("\n");
  return healing;
}

/** The diagnosis, as text or as the one JSON document; with what healing did, where that was asked for. */
function show({ flags, io }: Visit, seen: Diagnosis, healing: Healing | undefined): void {
  const healthy = seen.findings.length === 0 && (healing?.failed ?? []).length === 0;
  const document = { version: 1, healthy, ...seen, ...healing };
  io.write(flags.isJson ? `${JSON.stringify(document, null, 2)}\n` : diagnosisText(seen));
}

function codeOf({ findings }: Diagnosis): 0 | 2 {
  return findings.length === 0 ? 0 : 2;
}

/** The flags, or what is wrong with them. */
function readFlags(args: readonly string[]): Flags | string {
  let values: ReturnType<typeof parseFlags>;
  try {
    values = parseFlags(args);
  } catch (error) {
    return messageOf(error);
  }
  const { pipeline, heal = false, undo = false, close, yes = false, json = false } = values;
  const id = pipelineId.optional().safeParse(pipeline);
  if (!id.success) return `--pipeline "${pipeline}" is not a pipeline id (a UUID).`;
  const lone = [undo && "--undo", close !== undefined && "--close", yes && "--yes"].find(Boolean);
  if (!heal && lone !== undefined) return `${lone} goes with --heal.`;
  if (heal && json && !yes) return "--json leaves no place for a question, so --heal needs --yes.";
  return {
    pipeline: id.data,
    isHealing: heal,
    prefers: undo ? "undo" : "finish",
    givenUp: close,
    isAgreed: yes,
    isJson: json,
  };
}

function parseFlags(args: readonly string[]) {
  const flag = { type: "boolean" } as const;
  return parseArgs({
    args: [...args],
    strict: true,
    options: {
      pipeline: { type: "string" },
      heal: flag,
      undo: flag,
      close: { type: "string" },
      yes: flag,
      json: flag,
    },
  }).values;
}

function refuse(io: CommandIo, happened: string, next: string): 2 {
  io.writeError(`${happened}\nNothing was changed.\n${next}\n`);
  return 2;
}

function troubleOf(error: unknown, withhold: (text: string) => string): Trouble {
  if (!isDadosferaError(error))
    return { code: "UNEXPECTED", happened: withhold(messageOf(error)), now: "", next: "" };
  const { code, happened, now, next } = error;
  return { code, happened: withhold(happened), now: withhold(now), next: withhold(next) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
