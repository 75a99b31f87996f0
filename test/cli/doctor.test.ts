import assert from "node:assert/strict";
import { pipelineId } from "#src/domain/job-id.js";
import {
  LATER_PAIR,
  liveCron,
  PAIRS,
  PATIENCE_MS,
  runLater,
  startChangeWorld,
} from "../support/change-world.js";
import { dadosfera } from "../support/command.js";
import {
  ANA,
  endingOf,
  leaveUnfinished,
  loseBackUp,
  ownLease,
  runDoctor,
} from "../support/doctor.js";
import { JOB, PIPELINE, TABLE } from "../support/world.js";

const HOURLY = { pipeline: { cron: "0 * * * *" } };
const HEALTHY = "Healthy: nothing is unfinished, held, expired, missing or doubled.\n";
const CHANGE = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const TIME = "2025-12-17 \\d\\d:\\d\\d:\\d\\d";

describe("dadosfera doctor", function () {
  this.timeout(PATIENCE_MS);

  it("ends with 0 where all is well", async () => {
    await using world = await startChangeWorld();
    await world.process.contextOf("").doors.warehouse?.journal.prepare();

    const ended = await runDoctor(world);

    assert.deepEqual(ended, { code: 0, stdout: HEALTHY, stderr: "" });
  });

  it("shows an unfinished change to a person, and ends with 2", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);

    const { code, stdout, stderr } = await runDoctor(world);

    assert.equal(code, 2);
    assert.equal(stderr, "");
    assert.match(
      stdout,
      new RegExp(
        [
          "^1 thing to do:",
          "",
          `1\\. Unfinished change of DADOSFERA\\.${TABLE}`,
          "   for       columns telefone, rows after 2025-12-17 16:49:00",
          `   begun     ${TIME} UTC`,
          `   got to    "run-requested" at ${TIME} UTC, by .* process \\d+ \\(.*\\)`,
          `   now       The rows beyond 2025-12-17 16:49:00 of ${TABLE} were`,
          "             deleted to be loaded again[^]*",
          `   schedule  "0 \\* \\* \\* \\*", held since ${TIME} UTC; it comes back when the change ends`,
          "   heal      it is finished as it was begun, or undone with --undo",
          `   job       ${JOB}`,
          `   change    ${CHANGE}`,
          "",
          "Run `dadosfera doctor --heal` to heal what can be healed: it shows what it will do, and asks\\.",
          "$",
        ].join("\n"),
      ),
    );
  });

  it("prints one JSON document of a stable form, and nothing else", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);

    const { code, stdout, stderr } = await runDoctor(world, "--json", "--pipeline", PIPELINE);

    const { findings, ...document } = JSON.parse(stdout);
    assert.deepEqual([code, stderr], [2, ""]);
    assert.deepEqual(document, { version: 1, healthy: false, underWay: [], notes: [] });
    assert.deepEqual(findings.map(Object.keys), [
      [
        "kind",
        "pipelineId",
        "jobId",
        "changeId",
        "table",
        "purpose",
        "columns",
        "since",
        "owner",
        "step",
        "stepAt",
        "isUndoing",
        "now",
      ],
      ["kind", "pipelineId", "cron", "since", "changeId"],
    ]);
  });

  it("names whoever is at work, and leaves him alone", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);
    await ownLease(world, 3600);
    const before = await endingOf(world);

    const looked = await runDoctor(world, "--heal", "--yes");

    assert.equal(looked.code, 0);
    assert.match(
      looked.stdout.replaceAll(/\s+/g, " "),
      new RegExp(
        `^Nothing to do: somebody is at work\\. At work: ${ANA} changes pipeline ${PIPELINE} since ${TIME} UTC \\(change ${CHANGE}\\)\\. Nothing of it is touched here\\.`,
      ),
    );
    assert.deepEqual(await endingOf(world), before);
  });
});

describe("dadosfera doctor --heal", function () {
  this.timeout(PATIENCE_MS);

  it("shows its plan, and does nothing without a terminal to ask on", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);
    const before = await endingOf(world);

    const { code, stdout, stderr } = await runDoctor(world, "--heal");

    assert.equal(code, 2);
    assert.match(stdout, new RegExp(`\nTo heal this:\n1\\. Finish change ${CHANGE} of\n`));
    assert.equal(
      stderr,
      "Did not heal: there is no terminal to ask on.\nNothing was changed.\nRun it with --yes to do what is listed above.\n",
    );
    assert.deepEqual(await endingOf(world), before);
  });

  it("finishes the change with --yes, says each step, and has nothing left to do", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);

    const healed = await runDoctor(world, "--heal", "--yes");
    const again = await runDoctor(world, "--heal", "--yes");

    assert.deepEqual([healed.code, healed.stderr], [0, ""]);
    assert.match(healed.stdout, /step 9 of 10, verify: by key \(ID\): none lost, none doubled/);
    assert.ok(healed.stdout.endsWith(`\n\n${HEALTHY}`));
    assert.deepEqual(again, { code: 0, stdout: HEALTHY, stderr: "" });
    assert.equal(await liveCron(world), "0 * * * *");
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("undoes it with --undo, and keeps stdout for JSON", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);

    const { code, stdout, stderr } = await runDoctor(world, "--heal", "--undo", "--yes", "--json");

    const { healed, ...document } = JSON.parse(stdout);
    assert.equal(code, 0);
    assert.match(stderr, /undoing change .*: its undoing was asked for/);
    assert.deepEqual(document, {
      version: 1,
      healthy: true,
      findings: [],
      underWay: [],
      notes: [],
      failed: [],
    });
    assert.deepEqual(
      healed.map(({ remedy }: { remedy: { kind: string } }) => remedy.kind),
      ["undo-change"],
    );
  });

  it("says what could not be healed, heals the rest, and ends with 2", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);
    await loseBackUp(world);

    const { code, stdout, stderr } = await runDoctor(world, "--heal", "--yes", "--json");

    const { failed, healthy } = JSON.parse(stdout);
    assert.deepEqual([code, healthy], [2, false]);
    assert.deepEqual(
      [failed[0].remedy.kind, failed[0].error.code],
      ["finish-change", "BACK_UP_GONE"],
    );
    assert.match(stderr, /^Cannot go on with change .* nor undo it: its back-up .* is not there/m);
  });

  it("ends on ^C while it waits for a run, and leaves the change as one that can be healed", async () => {
    await using world = await startChangeWorld(HOURLY);
    await leaveUnfinished(world);
    world.emulator.runs.hold();
    const { maestro } = world.process.contextOf("").doors;
    await maestro.executePipeline(pipelineId.parse(PIPELINE));
    const variables = { DADOSFERA_POLL_INTERVAL_MS: "5", ...world.emulator.environment };

    const ended = await dadosfera(["doctor", "--heal", "--yes"], variables, "step 8 of 10");

    world.emulator.runs.release();
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /^Stopped waiting for the run: this command was interrupted\.\n/);
    assert.deepEqual((await endingOf(world)).lease, { OWNER: null, IS_HELD: true });
  });
});
