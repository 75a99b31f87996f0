import assert from "node:assert/strict";
import { type JournalEntry, oldNewestOf } from "#src/domain/journal.js";
import { aRecord } from "../support/samples.js";

describe("where Maestro stood before a change", () => {
  it("is the newest cursor of any back-up, since one that was taken after a DELETE lacks the others' rows", () => {
    const record = aRecord(aBackUp("10"), { step: "deleted", rows: 2 }, aBackUp("9"));

    assert.equal(oldNewestOf(record), "10");
  });

  it("is not what a back-up holds that was taken once the state had been moved", () => {
    const record = aRecord(aBackUp("9"), { step: "resetting", to: "5" }, aBackUp("10"));

    assert.equal(oldNewestOf(record), "9");
  });
});

function aBackUp(newest: string): JournalEntry {
  const table = { database: "DW", schema: "PUBLIC", name: "PEDIDOS__BK" };
  return { step: "backed-up", table, columns: ["ID"], newest };
}
