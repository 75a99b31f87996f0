import { tableText } from "../domain/destination.js";
import type {
  Diagnosis,
  Finding,
  HeldSchedule,
  UnderWay,
  UnfinishedChange,
} from "../domain/finding.js";
import type { Remedy } from "../domain/healing.js";

const WIDTH = 100;

/** What was found, for a person to read. A schedule that a change holds is told with the change. */
export function diagnosisText({ findings, underWay, notes }: Diagnosis): string {
  const told = findings.filter(
    (each) => each.kind !== "held-schedule" || each.changeId === undefined,
  );
  const parts = [
    headline(told.length, underWay.length),
    ...told.map((finding, index) => findingText(finding, index + 1, findings)),
    ...underWay.map(underWayText),
    ...notes.map((note) => wrapped(`Note: ${note}`, "")),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** What healing would do, numbered. */
export function planText(remedies: readonly Remedy[]): string {
  const lines = remedies.map((remedy, index) =>
    wrapped(`${index + 1}. ${remedyText(remedy)}`, "   "),
  );
  const isFinishing = remedies.some(({ kind }) => kind === "finish-change");
  return `${["To heal this:", ...lines, ...(isFinishing ? ["", FINISHING] : [])].join("\n")}\n`;
}

/** One remedy, as an order. */
export function remedyText(remedy: Remedy): string {
  switch (remedy.kind) {
    case "finish-change":
      return `Finish change ${remedy.changeId} of ${remedy.table}, as it was begun.`;
    case "undo-change":
      return `Undo change ${remedy.changeId} of ${remedy.table}: rows and state as they were before it.`;
    case "close-change":
      return `Close change ${remedy.changeId} of ${remedy.table} as it stands: rows and state stay as they are, and nobody puts them right any more.`;
    case "restore-schedule":
      return `Put the schedule ${cronText(remedy.cron)} of pipeline ${remedy.pipelineId} back.`;
    case "give-back-lease":
      return `Give the expired lease of pipeline ${remedy.pipelineId} back.`;
    case "drop-back-ups":
      return `Drop ${remedy.backUps.map(tableText).join(", ")}.`;
  }
}

const FINISHING = [
  "Pulumi's state does not hear of a change that is finished here: the next `pulumi up` of its program finds it",
  "in the journal, and does nothing again. `--undo` undoes it instead.",
].join("\n");

function headline(toDo: number, underWay: number): string {
  if (toDo === 1) return "1 thing to do:";
  if (toDo > 1) return `${toDo} things to do:`;
  return underWay > 0
    ? "Nothing to do: somebody is at work."
    : "Healthy: nothing is unfinished, held, expired, missing or doubled.";
}

function findingText(finding: Finding, number: number, all: readonly Finding[]): string {
  const { title, facts } = partsOf(finding, all);
  const lines = facts
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => wrapped(`   ${name.padEnd(9)} ${value}`, " ".repeat(13)));
  return [wrapped(`${number}. ${title}`, "   "), ...lines].join("\n");
}

type Facts = readonly (readonly [name: string, value: string | undefined])[];

function partsOf(
  finding: Finding,
  all: readonly Finding[],
): { readonly title: string; readonly facts: Facts } {
  switch (finding.kind) {
    case "unfinished-change":
      return {
        title: `Unfinished change of ${finding.table}`,
        facts: changeFacts(finding, heldBy(finding, all)),
      };
    case "held-schedule":
      return {
        title: `Held schedule of pipeline ${finding.pipelineId}`,
        facts: [
          ["cron", heldText(finding)],
          ["heal", "it is put back: no unfinished change needs it held"],
        ],
      };
    case "expired-lease":
      return {
        title: `Expired lease of pipeline ${finding.pipelineId}`,
        facts: [
          ["owner", finding.owner],
          ["taken", `${finding.since} UTC; it ran out at ${finding.expiredAt} UTC`],
          ["heal", "it is given back"],
        ],
      };
    case "expired-back-ups":
      return {
        title: `Back-ups of ${finding.table} past their days`,
        facts: [
          ["tables", finding.backUps.map(tableText).join(", ")],
          ["kept", `for ${finding.keepDays} days after ${finding.endedAt} UTC`],
          ["heal", finding.backUps.length === 1 ? "it is dropped" : "they are dropped"],
        ],
      };
    case "missing-table":
    case "missing-columns":
    case "doubled-rows":
      return tablePartsOf(finding);
  }
}

function heldBy({ changeId }: UnfinishedChange, all: readonly Finding[]): HeldSchedule | undefined {
  return all.find(
    (each): each is HeldSchedule => each.kind === "held-schedule" && each.changeId === changeId,
  );
}

function changeFacts(change: UnfinishedChange, held: HeldSchedule | undefined): Facts {
  return [
    ["for", change.purpose],
    ["begun", `${change.since} UTC`],
    ["got to", `"${change.step}" at ${change.stepAt} UTC, by ${change.owner}`],
    ["now", change.now],
    ["schedule", held && `${heldText(held)}; it comes back when the change ends`],
    [
      "heal",
      change.isUndoing
        ? "it was being undone, and is undone"
        : "it is finished as it was begun, or undone with --undo",
    ],
    ["job", change.jobId],
    ["change", change.changeId],
  ];
}

function heldText({ cron, since }: HeldSchedule): string {
  return `${cronText(cron)}, held since ${since} UTC`;
}

function tablePartsOf(
  finding: Extract<Finding, { kind: "missing-table" | "missing-columns" | "doubled-rows" }>,
): { readonly title: string; readonly facts: Facts } {
  const job = ["job", finding.jobId] as const;
  switch (finding.kind) {
    case "missing-table":
      return {
        title: `No table ${finding.table}`,
        facts: [
          [
            "by hand",
            "find out who renamed or dropped it, or let the role in SNOWFLAKE_ROLE see it",
          ],
          job,
        ],
      };
    case "missing-columns":
      return {
        title: `Columns missing in ${finding.table}`,
        facts: [
          ["columns", finding.columns.join(", ")],
          [
            "by hand",
            finding.why === "gone-since-last-change"
              ? "they stood there at the last change: find out who dropped them or made the table anew"
              : "the job lists them and rows arrived since, without them: look whether the source has them",
          ],
          job,
        ],
      };
    case "doubled-rows":
      return {
        title: `Rows doubled in ${finding.table}`,
        facts: [
          [
            "pairs",
            `${finding.pairs} of (${finding.by.join(", ")}), more often there than they should be`,
          ],
          ["window", `${finding.window}, as of the last change`],
          [
            "by hand",
            "look at the runs since; a program can load the window again with a new `triggers` value",
          ],
          job,
        ],
      };
  }
}

function underWayText({ pipelineId, owner, since, expiresAt, changeIds }: UnderWay): string {
  const changes = changeIds.length === 0 ? "" : ` (change ${changeIds.join(", ")})`;
  return wrapped(
    `At work: ${owner} changes pipeline ${pipelineId} since ${since} UTC${changes}. Nothing of it is touched here. If that process is gone, look again after ${expiresAt} UTC, when its lease runs out.`,
    "",
  );
}

function cronText(cron: string | null): string {
  return cron === null ? "(manual execution only)" : `"${cron}"`;
}

/** A text in lines of a bounded width; a word that is longer stands alone. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    if (line !== "" && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
