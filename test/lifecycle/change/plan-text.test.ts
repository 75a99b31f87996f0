import assert from "node:assert/strict";
import { pipelineId } from "#src/domain/job-id.js";
import { columnsOnlyText, planText } from "#src/lifecycle/change/plan-text.js";
import type { Prepared } from "#src/lifecycle/change/prepare.js";
import { aTable } from "../../support/compared-samples.js";
import { aRequest, PIPELINE_ID } from "../../support/samples.js";

describe("a preview of a column change", () => {
  it("says steps, rows, SQL, and what cannot be undone", () => {
    assert.deepEqual(planText(aPreparation()).split("\n"), [
      'Adds telefone to the job and loads the rows beyond 2025-12-17 16:49:00 again (pipeline "Orders", table PUBLIC.PEDIDOS)',
      "   1. take-lease        nobody else changes this pipeline meanwhile",
      '   2. hold-schedule     cron "15 3 * * *" becomes null until the end',
      "   3. wait-idle         until no run is in progress",
      "   4. back-up           clone PUBLIC.PEDIDOS to schema PUBLIC, then count again",
      "   5. add-columns       PATCH column_include_list: telefone",
      "   6. delete-rows       the rows beyond 2025-12-17 16:49:00",
      "   7. reset-state       the job extracts again from 2025-12-17 16:49:00 (UTC)",
      "   8. run               execute the pipeline, and follow the run",
      "   9. verify            by key (id): none lost, none doubled",
      "  10. restore-schedule  the schedule as it was; the lease is given back",
      "  rows: 200 of 1000 rows (20 %) will be deleted and loaded again; cursor from 2025-12-17 16:50:00 to 2025-12-19 08:00:00 (UTC)",
      '  sql:  CREATE TABLE "DW"."PUBLIC"."PEDIDOS__BK_<change>" CLONE "DW"."PUBLIC"."PEDIDOS"',
      `  sql:  DELETE FROM "DW"."PUBLIC"."PEDIDOS" WHERE "updated_at" > '2025-12-17 16:49:00'::TIMESTAMP_NTZ`,
      "  note: An added column cannot be taken out of a job again: Maestro has no operation for it.",
    ]);
  });

  it("shows the clone of a transient table as it will be taken", () => {
    const text = planText({ ...aPreparation(), source: aTable({ isTransient: true }) });

    assert.match(text, /CREATE TRANSIENT TABLE "DW"/);
  });

  it("of a full load deletes nothing by itself", () => {
    const request = aRequest({ loadType: "full_load", window: { kind: "all" } });

    const text = planText({ ...aPreparation(), request });

    assert.match(text, /200 of 1000 rows \(20 %\) are replaced by the run/);
    assert.doesNotMatch(text, /DELETE|delete-rows|reset-state/);
  });

  it("without rows is one step", () => {
    assert.deepEqual(columnsOnlyText(["telefone"]).split("\n"), [
      'Adds telefone to the job; rows already loaded keep null (rows: "none").',
      "   1. add-columns       PATCH column_include_list: telefone",
      "  note: An added column cannot be taken out of a job again: Maestro has no operation for it.",
    ]);
  });
});

function aPreparation(): Prepared {
  return {
    request: aRequest(),
    source: aTable({ table: aRequest().table }),
    seen: {
      pipelineName: "Orders",
      isPaused: false,
      missingPrivileges: [],
      counts: {
        total: 1000,
        inWindow: 200,
        nullCursor: 0,
        atBookmark: 0,
        superseded: 0,
        oldestInWindow: "2025-12-17 16:50:00",
        newest: "2025-12-19 08:00:00",
      },
    },
    pipeline: {
      id: pipelineId.parse(PIPELINE_ID),
      name: "Orders",
      cron: "15 3 * * *",
      status: "active",
      jobs: [],
    },
  };
}
