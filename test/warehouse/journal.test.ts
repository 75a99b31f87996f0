import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { WarehouseDoors } from "#src/lifecycle/context.js";
import { startChangeWorld } from "../support/change-world.js";
import { complaintOf, writesOf } from "../support/complaint.js";
import { PACKAGE_ROOT } from "../support/package-root.js";
import { aJob, JOB, PIPELINE, TABLE, type World, withTelefone } from "../support/world.js";

interface Written {
  readonly CHANGE_ID: string;
  readonly POSITION: number;
  readonly STEP: string;
  readonly DETAIL: string;
}

/** Entries as version 1 wrote them: four changes of columns, one of the load type; done, undone and cut short. */
const VERSION_1 = JSON.parse(
  readFileSync(join(PACKAGE_ROOT, "test/warehouse/fixtures/journal-v1.json"), "utf8"),
) as readonly Written[];
const CHANGES = "PUBLIC.PULUMI_DADOSFERA_CHANGES";

describe("a journal that an earlier version wrote", function () {
  this.timeout(20_000);

  it("is read whole (version 1)", async () => {
    await using world = await startChangeWorld();
    await write(world, VERSION_1, 1);
    const ids = [...new Set(VERSION_1.map((row) => row.CHANGE_ID))];

    const records = await Promise.all(ids.map((id) => doorsOf(world).journal.read(id)));

    const written = ids.map((id) => VERSION_1.filter((row) => row.CHANGE_ID === id));
    const expected = written.map((rows) =>
      rows
        .toSorted((one, other) => one.POSITION - other.POSITION)
        .map((row) => ({ step: row.STEP, ...JSON.parse(row.DETAIL) })),
    );
    assert.partialDeepStrictEqual(
      records.map((record) => record.entries),
      expected,
    );
  });
});

describe("an entry of a newer version", function () {
  this.timeout(20_000);

  it("stops the change of its job, and its deletion, before anything is touched", async () => {
    await using world = await startChangeWorld();
    await write(world, VERSION_1.slice(0, 8), 99);
    const [rows, writes] = [await world.rows(), writesOf(world)];

    const changes = await complaintOf(world.update("Job", world.job, withTelefone()));
    const deletes = await complaintOf(
      world.providers.Job.delete?.(JOB, world.job) ?? Promise.resolve(),
    );

    assert.equal(
      changes.message,
      `Cannot read entry 0 ("started", version 99) of change change-1 of job ${JOB} in PULUMI_DADOSFERA_CHANGES.\n` +
        "Nothing was changed; the change that wrote it is unfinished.\n" +
        "Run the version of pulumi-dadosfera that wrote it, or a newer one.",
    );
    assert.equal(deletes.code, "JOURNAL_UNREADABLE");
    assert.deepEqual(writesOf(world), writes);
    assert.deepEqual(await world.rows(), rows);
  });
});

describe("a journal that the role may not read", function () {
  this.timeout(20_000);

  it("stops the change where it is there unseen, and names what to grant", async () => {
    await using world = await startChangeWorld({ snowflakeLogins: LOGINS });
    await doorsOf(world).journal.prepare();
    grant(world, ["SELECT", "INSERT", "DELETE"], TABLE.replace("PUBLIC.", ""));
    grant(world, ["CREATE TABLE", "CREATE VIEW"]);
    const [rows, writes] = [await world.rows(), writesOf(world)];
    const analyst = world.another({ SNOWFLAKE_ROLE: "ANALYST" });

    const { message } = await complaintOf(analyst.update("Job", world.job, withTelefone()));

    assert.equal(
      message,
      "Cannot read the journal of column changes in DADOSFERA.PUBLIC: the role ANALYST lacks SELECT on PULUMI_DADOSFERA_CHANGES or PULUMI_DADOSFERA_LEASES.\n" +
        "Nothing was changed; whether a change is unfinished is not known.\n" +
        "Grant the role SELECT and INSERT on DADOSFERA.PUBLIC.PULUMI_DADOSFERA_CHANGES, and SELECT, INSERT and UPDATE on DADOSFERA.PUBLIC.PULUMI_DADOSFERA_LEASES; then run the command again.",
    );
    assert.deepEqual(writesOf(world), writes);
    assert.deepEqual(await world.rows(), rows);
  });

  it("stops what would undo an unfinished change", async () => {
    await using world = await startChangeWorld();
    await write(world, VERSION_1.slice(0, 8), 1);
    world.emulator.warehouse.faults.on(({ sql }) =>
      /^SELECT .*_CHANGES"/.test(sql) ? REFUSED : { kind: "none" },
    );
    const rows = await world.rows();

    const reverts = await complaintOf(world.update("Job", world.job, aJob()));
    const deletes = await complaintOf(
      world.providers.Job.delete?.(JOB, world.job) ?? Promise.resolve(),
    );

    assert.deepEqual([reverts.code, deletes.code], ["JOURNAL_UNREADABLE", "JOURNAL_UNREADABLE"]);
    assert.deepEqual(await world.rows(), rows);
  });
});

const LOGINS = [
  {
    user: "ROBO_ETL",
    roles: ["LOADER", "ANALYST"],
    credential: { kind: "password", password: "emulated-snowflake" },
  },
] as const;

const REFUSED = {
  kind: "error",
  code: "003001",
  sqlState: "42501",
  message: "Insufficient privileges",
} as const;

function grant(
  { emulator }: World,
  privileges: Parameters<World["emulator"]["warehouse"]["grants"]["grant"]>[0]["privileges"],
  name?: string,
): void {
  const on = { schema: "PUBLIC", ...(name !== undefined && { name }) };
  emulator.warehouse.grants.grant({ role: "ANALYST", privileges, on });
}

function doorsOf({ process }: World): WarehouseDoors {
  const doors = process.contextOf("").doors.warehouse;
  assert.ok(doors);
  return doors;
}

/** Writes entries of the walkthrough's job as a version would have written them. */
async function write(world: World, rows: readonly Written[], version: number): Promise<void> {
  await doorsOf(world).journal.prepare();
  const texts = rows.map(
    ({ CHANGE_ID, POSITION, STEP, DETAIL }) =>
      `('${CHANGE_ID}', ${POSITION}, '${JOB}', '${PIPELINE}', ${version}, '${STEP}', '${DETAIL}')`,
  );
  await world.emulator.warehouse.rows(
    `INSERT INTO ${CHANGES} (CHANGE_ID, POSITION, JOB_ID, PIPELINE_ID, VERSION, STEP, DETAIL) VALUES ${texts.join(", ")}`,
  );
}
