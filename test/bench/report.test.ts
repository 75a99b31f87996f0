import assert from "node:assert/strict";
import { inTurn, median, ratioOf, spread } from "./measure.js";
import { reportText, tableText } from "./report.js";

describe("the benchmark's table", () => {
  it("says of each line with a bound whether it is held", () => {
    const text = tableText([
      { what: "a", measured: "1 s", bound: { text: "2 s", isHeld: true } },
      { what: "b", measured: "3 s", bound: { text: "2 s", isHeld: false } },
      { what: "c", measured: "many" },
    ]);

    assert.equal(
      text,
      [
        "| What | Measured | Bound | Held |",
        "| ---- | -------- | ----- | ---- |",
        "| a    | 1 s      | 2 s   | yes  |",
        "| b    | 3 s      | 2 s   | NO   |",
        "| c    | many     |       |      |",
        "",
      ].join("\n"),
    );
  });

  it("stands in its report below where it was measured", () => {
    const text = reportText([{ what: "a", measured: "1 s" }], ["Date: 2026-03-01", "Machine: 2"]);

    assert.match(text, /^# Benchmarks\n[^|]*\n- Date: 2026-03-01\n- Machine: 2\n\n\| What /);
  });

  it("gives the median of pairs that were measured in turn, the first of them left out", async () => {
    const measured: string[] = [];
    const times = [9, 99, 1, 4, 2, 5, 3, 6];
    const take = (name: string) => async () => {
      measured.push(name);
      return times[measured.length - 1] ?? 0;
    };

    const pairs = await inTurn(3, take("one"), take("other"));

    assert.equal(measured.join(" "), "one other one other one other one other");
    assert.equal(ratioOf(pairs).text, "2.50 × (2.00 to 4.00)");
    assert.equal(median([1, 2, 3, 10]), 2.5);
    assert.equal(spread([7], "s"), "7 s");
    assert.equal(spread([1234.5, 0.123456, 2], "ms"), "2 ms (0.123 to 1,235)");
  });
});
