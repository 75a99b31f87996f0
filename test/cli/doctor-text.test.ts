import assert from "node:assert/strict";
import { diagnosisText, planText } from "#src/cli/doctor-text.js";
import type { Finding } from "#src/domain/finding.js";

const PLACE = { pipelineId: "p-1", jobId: "p-1-0", table: "DW.PUBLIC.PEDIDOS" };
const SINCE = "2026-03-01 02:00:00";

describe("what the doctor says to a person", () => {
  it("has a title, the facts and what becomes of it, for each finding", () => {
    const findings: readonly Finding[] = [
      {
        kind: "held-schedule",
        pipelineId: "p-1",
        cron: "0 3 * * *",
        since: SINCE,
        changeId: undefined,
      },
      {
        kind: "expired-lease",
        pipelineId: "p-1",
        owner: "ana@notebook process 7",
        since: SINCE,
        expiredAt: "2026-03-01 02:10:00",
      },
      {
        kind: "expired-back-ups",
        ...PLACE,
        changeId: "c-1",
        backUps: [{ database: "DW", schema: "SAFE", name: "PEDIDOS__BK_7F3A" }],
        keepDays: 7,
        endedAt: SINCE,
      },
      { kind: "missing-table", ...PLACE },
      { kind: "missing-columns", ...PLACE, columns: ["COR"], why: "gone-since-last-change" },
      { kind: "doubled-rows", ...PLACE, by: ["ID", "UPDATED_AT"], window: "all", pairs: 3 },
    ];

    const text = diagnosisText({ findings, underWay: [], notes: ["One more thing."] });

    assert.equal(
      text,
      `6 things to do:

1. Held schedule of pipeline p-1
   cron      "0 3 * * *", held since 2026-03-01 02:00:00 UTC
   heal      it is put back: no unfinished change needs it held

2. Expired lease of pipeline p-1
   owner     ana@notebook process 7
   taken     2026-03-01 02:00:00 UTC; it ran out at 2026-03-01 02:10:00 UTC
   heal      it is given back

3. Back-ups of DW.PUBLIC.PEDIDOS past their days
   tables    SAFE.PEDIDOS__BK_7F3A
   kept      for 7 days after 2026-03-01 02:00:00 UTC
   heal      it is dropped

4. No table DW.PUBLIC.PEDIDOS
   by hand   find out who renamed or dropped it, or let the role in SNOWFLAKE_ROLE see it
   job       p-1-0

5. Columns missing in DW.PUBLIC.PEDIDOS
   columns   COR
   by hand   they stood there at the last change: find out who dropped them or made the table anew
   job       p-1-0

6. Rows doubled in DW.PUBLIC.PEDIDOS
   pairs     3 of (ID, UPDATED_AT), more often there than they should be
   window    all, as of the last change
   by hand   look at the runs since; a program can load the window again with a new \`triggers\` value
   job       p-1-0

Note: One more thing.
`,
    );
  });

  it("names each thing that healing does", () => {
    const text = planText([
      { kind: "undo-change", ...PLACE, changeId: "c-1" },
      { kind: "restore-schedule", pipelineId: "p-1", cron: null },
      { kind: "give-back-lease", pipelineId: "p-1", owner: "ana" },
    ]);

    assert.equal(
      text,
      `To heal this:
1. Undo change c-1 of DW.PUBLIC.PEDIDOS: rows and state as they were before it.
2. Put the schedule (manual execution only) of pipeline p-1 back.
3. Give the expired lease of pipeline p-1 back.
`,
    );
  });
});
