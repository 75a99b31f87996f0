import assert from "node:assert/strict";
import fc from "fast-check";
import { cron, firesAgain, parseSchedule, scheduleText } from "#src/domain/schedule.js";
import { schedules } from "../support/arbitraries.js";

describe("a schedule", () => {
  it("is itself again after it was printed", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        assert.deepEqual(parseSchedule(scheduleText(schedule)), schedule);
      }),
    );
  });

  it("is the same whatever white space stands between its fields", () => {
    fc.assert(
      fc.property(schedules, fc.constantFrom(" ", "  ", "\t", " \n "), (schedule, space) => {
        const text = scheduleText(schedule);
        const spaced = text === null ? null : `${space}${text.replaceAll(" ", space)}${space}`;
        assert.equal(cron.parse(spaced), text);
      }),
    );
  });

  it("that Maestro does not know is refused with the ones it does", () => {
    const wrong = ["", "@daily", "* * * *", "0 15 3 * * *", "15 3 * * !"];
    const messages = wrong.map((text) => cron.safeParse(text).error?.issues[0]?.message);

    assert.deepEqual(
      [...new Set(messages)],
      [
        'is not a schedule: Maestro takes five cron fields, "@once", or null for manual execution only',
      ],
    );
  });

  it("fires again only where it is a cron", () => {
    assert.deepEqual([null, "@once", "15 3 * * *"].map(firesAgain), [false, false, true]);
  });
});
