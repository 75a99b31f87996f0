import assert from "node:assert/strict";
import { PATIENCE_MS, startChangeWorld } from "../support/change-world.js";
import { dadosfera } from "../support/command.js";
import { asSomebody, leaveUnfinished, runDoctor } from "../support/doctor.js";

describe("dadosfera doctor that cannot look", function () {
  this.timeout(PATIENCE_MS);

  it("for lack of settings ends with 1", async () => {
    const maestro = { DADOSFERA_API_KEY: "key" };

    const nothing = await dadosfera(["doctor"]);
    const half = await dadosfera(["doctor"], maestro);

    assert.deepEqual([nothing.code, half.code], [1, 1]);
    assert.equal(nothing.stderr, half.stderr);
    assert.equal(
      half.stderr,
      "Could not look at the journal: no settings of Snowflake are given.\nNothing was changed.\nSet SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER, SNOWFLAKE_DATABASE and a credential, as for `pulumi up`.\n",
    );
  });

  it("for a warehouse that refuses its login ends with 1, and tells no password", async () => {
    await using world = await startChangeWorld();
    const password = { SNOWFLAKE_PASSWORD: "not-this-one" };

    const ended = await dadosfera(["doctor"], { ...world.emulator.environment, ...password });

    assert.deepEqual([ended.code, ended.stdout], [1, ""]);
    assert.match(ended.stderr, /^Snowflake refused the login of user "ROBO_ETL".*\n.*\n.*\n$/);
    assert.doesNotMatch(ended.stderr, /not-this-one/);
  });

  it("for a journal of a newer version ends with 1", async () => {
    await using world = await startChangeWorld();
    await leaveUnfinished(world);
    await asSomebody(world, "UPDATE PUBLIC.PULUMI_DADOSFERA_CHANGES SET VERSION = 99");

    const { code, stdout, stderr } = await runDoctor(world, "--heal", "--yes");

    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^Cannot read entry 0 \("started", version 99\) of change/);
  });

  it("for flags that it does not have, or that do not go together, ends with 2", async () => {
    const flags = ["--fix", "--pipeline=4", "--yes", "--undo", "--heal --json"];

    const ended = await Promise.all(flags.map((each) => dadosfera(["doctor", ...each.split(" ")])));

    assert.deepEqual(
      ended.map(({ code }) => code),
      [2, 2, 2, 2, 2],
    );
    assert.deepEqual(
      ended.slice(1).map(({ stderr }) => stderr.split("\n")[0]),
      [
        'Did not look: --pipeline "4" is not a pipeline id (a UUID).',
        "Did not look: --yes goes with --heal.",
        "Did not look: --undo goes with --heal.",
        "Did not look: --json leaves no place for a question, so --heal needs --yes.",
      ],
    );
  });
});
