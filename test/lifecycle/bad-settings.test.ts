import assert from "node:assert/strict";
import { createServer } from "node:net";
import { ProviderProcess } from "#src/adapter/process.js";
import { providersOf } from "#src/adapter/provider.js";
import { readSettings } from "#src/adapter/settings.js";
import { complaintOf, writesOf } from "../support/complaint.js";
import {
  aJob,
  aPipeline,
  JOB,
  PIPELINE,
  startLoadedWorld,
  startWorld,
  withTelefone,
} from "../support/world.js";

const NO_WAREHOUSE = { SNOWFLAKE_ACCOUNT: "", SNOWFLAKE_USER: "" };

describe("settings that are wrong", function () {
  this.timeout(20_000);

  it("name the credential that is missing", async () => {
    const { message } = await complaintOf(readWith({}));

    assert.equal(
      message,
      "Could not sign in to Maestro: no credential is set.\n" +
        "Nothing was changed.\n" +
        "Set DADOSFERA_USERNAME and DADOSFERA_PASSWORD (or the config keys dadosfera:username and dadosfera:password), or DADOSFERA_API_KEY.",
    );
  });

  it("name what Snowflake's lack", async () => {
    const { code, happened } = await complaintOf(
      readWith({ DADOSFERA_API_KEY: "key", SNOWFLAKE_ACCOUNT: "emulator" }),
    );

    assert.equal(code, "SETTINGS_INVALID");
    assert.match(happened, /SNOWFLAKE_USER: .*; SNOWFLAKE_DATABASE: /);
  });

  it("are refused at Maestro's door, where the password is wrong", async () => {
    await using world = await startWorld({}, { DADOSFERA_PASSWORD: "wrong" });

    const { code, message } = await complaintOf(world.create("Pipeline", aPipeline()));

    assert.equal(code, "MAESTRO_UNAUTHORIZED");
    assert.match(
      message,
      /Invalid credentials[\s\S]*\nNothing was changed\.\nCheck DADOSFERA_USERNAME/,
    );
  });

  it("are refused at Snowflake's door before anything is made", async () => {
    await using world = await startWorld({}, { SNOWFLAKE_PASSWORD: "wrong" });

    const { code, happened } = await complaintOf(world.create("Pipeline", aPipeline()));

    assert.equal(code, "WAREHOUSE_UNAUTHORIZED");
    assert.equal(
      happened,
      'Snowflake refused the login of user "ROBO_ETL" in account "emulator": Incorrect username or password was specified (Snowflake 390100).',
    );
    assert.deepEqual(writesOf(world), []);
  });

  it("are told within seconds, where nothing listens at Snowflake's address", async () => {
    await using world = await startWorld({}, { SNOWFLAKE_PORT: await closedPort() });
    const startedAt = performance.now();

    const { code, happened } = await complaintOf(world.create("Pipeline", aPipeline()));

    assert.equal(code, "WAREHOUSE_UNAVAILABLE");
    assert.match(happened, /^Could not reach Snowflake account "emulator": /);
    assert.deepEqual(writesOf(world), []);
    assert.equal(performance.now() - startedAt < 8000, true);
  });

  it("stop the preview even of an unchanged job, whose unfinished change would be overlooked", async () => {
    await using world = await startWorld({}, { SNOWFLAKE_PASSWORD: "wrong" });

    const { code } = await complaintOf(
      world.providers.Job.diff?.(JOB, aJob(), aJob()) ?? Promise.resolve(),
    );

    assert.equal(code, "WAREHOUSE_UNAUTHORIZED");
  });

  it("stop no preview of an unchanged job where Snowflake is away for a while: it is said", async () => {
    await using world = await startWorld({}, { SNOWFLAKE_PORT: await closedPort() });

    const { changes } = (await world.providers.Job.diff?.(JOB, aJob(), aJob())) ?? {};

    assert.equal(changes, false);
    assert.match(
      world.shown.map(({ text }) => text).join(),
      /^unfinished changes could not be looked for: Could not reach Snowflake/,
    );
  });

  it("leave only changes that move no rows, without Snowflake's", async () => {
    await using world = await startWorld({}, NO_WAREHOUSE);
    await world.create("Pipeline", aPipeline());
    const { outs } = await world.create("Job", aJob());
    const before = writesOf(world).length;

    const { code, message } = await complaintOf(world.update("Job", outs ?? {}, withTelefone()));
    const refusedWrites = writesOf(world).slice(before);
    await world.update("Job", outs ?? {}, withTelefone("none"));

    assert.equal(code, "SETTINGS_MISSING");
    assert.equal(
      message,
      "Cannot load rows of table cadastros.pedidos again: no settings of Snowflake are given.\n" +
        "Nothing was changed.\n" +
        'Set SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER and a credential (or the config keys snowflake:account and so on), or say `rows: "none"`.',
    );
    assert.deepEqual(refusedWrites, []);
    assert.deepEqual(writesOf(world).slice(before), [`PATCH /platform/jobs/${JOB}/input`]);
  });
});

describe("a pipeline that is not as the program thinks", function () {
  this.timeout(20_000);

  it("is missed by a change of its job", async () => {
    await using world = await startLoadedWorld();
    await world.providers.Pipeline.delete?.(PIPELINE, aPipeline());

    const { code, next } = await complaintOf(world.update("Job", world.job, withTelefone()));

    assert.equal(code, "JOB_NOT_FOUND");
    assert.match(next, /run `pulumi refresh`/);
  });

  it("is missed by its own update", async () => {
    await using world = await startWorld();
    const { outs } = await world.create("Pipeline", aPipeline({ cron: null }));
    await world.providers.Pipeline.delete?.(PIPELINE, outs ?? {});

    const { code, next } = await complaintOf(
      world.update("Pipeline", outs ?? {}, aPipeline({ cron: null, name: "Sales" })),
    );

    assert.equal(code, "PIPELINE_NOT_FOUND");
    assert.match(next, /run `pulumi refresh`/);
  });

  it("is refused a change of rows while it is paused, and granted it after", async () => {
    await using world = await startLoadedWorld();
    const olds = await world.update("Pipeline", aPipeline(), aPipeline({ paused: true }));
    const before = writesOf(world).length;

    const { message } = await complaintOf(world.update("Job", world.job, withTelefone()));
    const refusedWrites = writesOf(world).slice(before);
    await world.update("Pipeline", olds, aPipeline());
    const updated = await world.update("Job", world.job, withTelefone());

    assert.equal(
      message,
      `Will not change job ${JOB}: its pipeline "Orders" is paused, and a paused pipeline cannot be run.\n` +
        "Nothing was changed.\n" +
        "Unpause the pipeline (`paused: false`), then run `pulumi up` again.",
    );
    assert.deepEqual(refusedWrites, []);
    assert.equal((updated["lastChange"] as { outcome: string }).outcome, "done");
  });
});

/** What reading a pipeline says with these settings alone. */
async function readWith(environment: Readonly<Record<string, string>>): Promise<void> {
  const log = { show: () => undefined, flushed: async () => undefined };
  const providers = providersOf(
    () =>
      new ProviderProcess(
        readSettings(environment, () => undefined),
        log,
      ),
  );
  await providers.Pipeline.read?.(PIPELINE, aPipeline());
}

async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(typeof address === "object" ? address?.port : 0);
}
