import assert from "node:assert/strict";
import { coveringArray, isIn, pairsOf } from "./covering-array.js";
import { SWITCH_VALUES } from "./world/switches.js";

describe("the answers that the model tries", () => {
  it("hold every two answers to two questions together, in few worlds", () => {
    const choices = coveringArray(SWITCH_VALUES);

    const missing = pairsOf(SWITCH_VALUES).filter(
      (pair) => !choices.some((choice) => isIn(pair, choice)),
    );
    assert.deepEqual(missing, []);
    assert.ok(choices.length <= 16, `${choices.length} worlds`);
  });
});
