import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { pipelineId } from "#src/domain/job-id.js";
import {
  aJob,
  aPipeline,
  JOB,
  PIPELINE,
  startWorld,
  type World,
  withTelefone,
} from "../support/world.js";

const PASSWORD = "marked-maestro-password";
const TOTP_SECRET = "MARKEDTOTPSECRET";
const API_KEY = "marked-api-key";
const SNOWFLAKE_PASSWORD = "marked-snowflake-password";
const TOKEN = "marked-snowflake-token";
const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

describe("a credential shows nowhere in the life of a resource", function () {
  this.timeout(20_000);

  it("signed in with passwords and a one-time code", async () => {
    const account = {
      username: "robo",
      password: PASSWORD,
      customerName: "acme",
      totpSecret: TOTP_SECRET,
    };
    await using world = await startWorld({
      accounts: [account],
      snowflakeLogins: [loginWith({ kind: "password", password: SNOWFLAKE_PASSWORD })],
    });

    const seen = await everythingSeenOf(world, [PASSWORD, TOTP_SECRET, SNOWFLAKE_PASSWORD]);

    assert.doesNotMatch(seen, /marked|MARKED/i);
    assert.match(seen, /\[withheld\]/);
  });

  it("signed in with an API key and a key pair", async () => {
    const credential = { kind: "key-pair", publicKey } as const;
    await using world = await startWorld(
      { apiKey: API_KEY, snowflakeLogins: [loginWith(credential)] },
      { DADOSFERA_USERNAME: "", DADOSFERA_PASSWORD: "", SNOWFLAKE_PRIVATE_KEY: privateKey },
    );

    const seen = await everythingSeenOf(world, [API_KEY]);

    assert.doesNotMatch(seen, /marked|PRIVATE KEY/i);
    assert.equal(seen.includes(privateKey.split("\n")[1] ?? "?"), false);
  });

  it("signed in with an access token", async () => {
    await using world = await startWorld({
      snowflakeLogins: [loginWith({ kind: "access-token", token: TOKEN })],
    });

    assert.doesNotMatch(await everythingSeenOf(world, [TOKEN]), /marked/i);
  });
});

describe("a credential that is refused", function () {
  this.timeout(20_000);

  it("shows nowhere in the error, its stack or its causes", async () => {
    const settings = { DADOSFERA_PASSWORD: PASSWORD, SNOWFLAKE_PASSWORD };

    assert.doesNotMatch(await refusalsWith(settings), /marked/);
  });

  it("shows nowhere either where it cannot be read", async () => {
    const broken = privateKey.replace("MII", "marked");

    const seen = await refusalsWith({
      DADOSFERA_PASSWORD: PASSWORD,
      SNOWFLAKE_PRIVATE_KEY: broken,
    });

    assert.match(seen, /Snowflake/);
    assert.doesNotMatch(seen, /marked/);
    assert.equal(seen.includes(privateKey.split("\n")[2] ?? "?"), false);
  });
});

/**
 * Creates, previews, changes and fails to change, with every service repeating the credentials in what it says;
 * answers all inputs, outputs, messages and errors as one text.
 */
async function everythingSeenOf(world: World, credentials: readonly string[]): Promise<string> {
  const echo = `refused: ${credentials.join(" ")}`;
  const { emulator, providers } = world;
  const checked = await providers.Pipeline.check?.({}, aPipeline());
  const pipeline = await world.create("Pipeline", aPipeline());
  const job = await world.create("Job", aJob());
  await emulator.source.run("ALTER TABLE cadastros.pedidos ADD COLUMN telefone VARCHAR");
  const olds = job.outs ?? {};
  const news = withTelefone({ after: "2025-12-17 14:03:30" });
  const updated = await world.update("Job", olds, news);

  const repeated = { ...news, triggers: ["again"] };
  emulator.runs.failNext(echo, 3);
  const failedRun = await failureOf(world.update("Job", updated, repeated));
  emulator.faults.once("GET", JOB, { kind: "status", status: 400, body: { detail: echo } });
  const refused = await failureOf(providers.Job.diff?.(JOB, updated, repeated));
  emulator.warehouse.faults.on(({ sql }) =>
    sql.includes("INFORMATION_SCHEMA")
      ? { kind: "error", code: "000606", sqlState: "57P03", message: echo }
      : { kind: "none" },
  );
  const refusedBySnowflake = await failureOf(providers.Job.diff?.(JOB, updated, repeated));

  const errors = [failedRun, refused, refusedBySnowflake].map(everythingOf);
  return JSON.stringify([checked, pipeline, job, updated, world.shown, errors]);
}

/** What both doors throw, before anything is taken out of it for Pulumi. */
async function refusalsWith(settings: Readonly<Record<string, string>>): Promise<string> {
  await using world = await startWorld({}, settings);
  const { maestro, warehouse } = world.process.contextOf("").doors;
  const errors = await Promise.all([
    failureOf(maestro.findPipeline(pipelineId.parse(PIPELINE))),
    failureOf(warehouse?.journal.unfinished()),
  ]);
  return errors.map(everythingOf).join("\n");
}

async function failureOf(work: Promise<unknown> | undefined): Promise<unknown> {
  return work?.then(
    () => assert.fail("it succeeded"),
    (error: unknown) => error,
  );
}

/** An error with all its fields and causes, as text. */
function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? "";
  const { name, message, stack, cause } = error;
  return `${String(error)} ${JSON.stringify({ ...error, name, message, stack })} ${everythingOf(cause)}`;
}

function loginWith<Credential>(credential: Credential) {
  return { user: "ROBO_ETL", roles: ["LOADER"], credential };
}
