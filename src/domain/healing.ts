import type { Diagnosis, Finding, UnfinishedChange } from "./finding.js";

/** One thing that `dadosfera doctor --heal` does. Each can be done twice. */
export type Remedy =
  | {
      readonly kind: "finish-change" | "undo-change" | "close-change";
      readonly pipelineId: string;
      readonly jobId: string;
      readonly changeId: string;
      readonly table: string;
    }
  | {
      readonly kind: "restore-schedule";
      readonly pipelineId: string;
      readonly cron: string | null;
    }
  | { readonly kind: "give-back-lease"; readonly pipelineId: string; readonly owner: string }
  | {
      readonly kind: "drop-back-ups";
      readonly pipelineId: string;
      readonly jobId: string;
      readonly changeId: string;
      readonly table: string;
      readonly backUps: Extract<Finding, { kind: "expired-back-ups" }>["backUps"];
    };

/**
 * What heals the findings, in order. A change is finished as it was begun, unless it is on its way back already or
 * undoing is preferred, or closed if it is the one that a person gives up as lost; each puts its schedule and its lease
 * back, so these get no remedy of their own. Doubled rows and missing columns have none: only a person knows what they
 * should be.
 */
export function planHealing(
  { findings }: Pick<Diagnosis, "findings">,
  prefers: "finish" | "undo",
  givenUp?: string,
): readonly Remedy[] {
  const changed = new Set(of(findings, "unfinished-change").map(({ pipelineId }) => pipelineId));
  const held = of(findings, "held-schedule").filter(({ pipelineId }) => !changed.has(pipelineId));
  const settled = new Set([...changed, ...held.map(({ pipelineId }) => pipelineId)]);
  return [
    ...of(findings, "unfinished-change").map((change) => ({
      kind: change.changeId === givenUp ? ("close-change" as const) : endOf(change, prefers),
      pipelineId: change.pipelineId,
      jobId: change.jobId,
      changeId: change.changeId,
      table: change.table,
    })),
    ...held.map(
      ({ pipelineId, cron }) => ({ kind: "restore-schedule", pipelineId, cron }) as const,
    ),
    ...of(findings, "expired-lease")
      .filter(({ pipelineId }) => !settled.has(pipelineId))
      .map(({ pipelineId, owner }) => ({ kind: "give-back-lease", pipelineId, owner }) as const),
    ...of(findings, "expired-back-ups").map(({ pipelineId, jobId, changeId, table, backUps }) => ({
      kind: "drop-back-ups" as const,
      pipelineId,
      jobId,
      changeId,
      table,
      backUps,
    })),
  ];
}

function endOf({ isUndoing }: UnfinishedChange, prefers: "finish" | "undo") {
  return isUndoing || prefers === "undo" ? ("undo-change" as const) : ("finish-change" as const);
}

function of<K extends Finding["kind"]>(
  findings: readonly Finding[],
  kind: K,
): readonly Extract<Finding, { kind: K }>[] {
  return findings.filter((each): each is Extract<Finding, { kind: K }> => each.kind === kind);
}
