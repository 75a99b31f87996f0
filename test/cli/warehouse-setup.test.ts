import assert from "node:assert/strict";
import { systemClock } from "#src/maestro/clock.js";
import { parseWarehouseSettings } from "#src/warehouse/settings.js";
import { Warehouse } from "#src/warehouse/warehouse.js";
import {
  type ChangeWorld,
  LATER_PAIR,
  lastChange,
  PAIRS,
  PATIENCE_MS,
  runLater,
  startChangeWorld,
} from "../support/change-world.js";
import { dadosfera } from "../support/command.js";
import { complaintOf } from "../support/complaint.js";
import { TABLE, withTelefone } from "../support/world.js";

const LOGINS = [
  {
    user: "ADMIN",
    roles: ["ACCOUNTADMIN"],
    credential: { kind: "password", password: "admin" },
  },
  { user: "ROBO", roles: ["ETL"], credential: { kind: "password", password: "robo" } },
] as const;
const ROBO = { SNOWFLAKE_USER: "ROBO", SNOWFLAKE_PASSWORD: "robo", SNOWFLAKE_ROLE: "ETL" };
const PLACE = ["--role", "etl", "--database", "DADOSFERA", "--warehouse", "EMULATED"];
const ALL_TABLES = "GRANT SELECT, INSERT, DELETE ON ALL TABLES";

describe("dadosfera warehouse-setup --print", function () {
  this.timeout(PATIENCE_MS);

  it("prints SQL with which a role that may do nothing else makes a whole column change", async () => {
    await using world = await startRestrictedWorld();
    const { stdout, code } = await dadosfera(["warehouse-setup", "--print", ...PLACE]);
    await asAdministrator(world, stdout);

    const outputs = await world.update("Job", world.job, withTelefone());

    assert.equal(code, 0);
    assert.equal(lastChange(outputs)["outcome"], "done");
    assert.deepEqual(await runLater(world), [...PAIRS, LATER_PAIR]);
  });

  it("serves with schemas of their own for journal and back-ups", async () => {
    await using world = await startRestrictedWorld({ DADOSFERA_JOURNAL_SCHEMA: "OPS" });
    await asAdministrator(world, "CREATE SCHEMA OPS;\nCREATE SCHEMA SAFE;\n");
    const apart = ["--journal-schema", "OPS", "--back-up-schema", "SAFE"];
    const { stdout } = await dadosfera(["warehouse-setup", "--print", ...PLACE, ...apart]);
    await asAdministrator(world, stdout);

    const news = withTelefone(undefined, { backUp: { schema: "SAFE" } });
    const outputs = await world.update("Job", world.job, news);

    assert.match(String(lastChange(outputs)["backUps"]), /^SAFE\./);
    assert.doesNotMatch(stdout, /REVOKE/);
  });

  it("can be run twice, and leaves nobody a DELETE on the journal", async () => {
    await using world = await startRestrictedWorld();
    const { stdout } = await dadosfera(["warehouse-setup", "--print", ...PLACE]);
    await asAdministrator(world, stdout);
    await asAdministrator(world, stdout);
    const warehouse = world.process.contextOf("").doors.warehouse?.warehouse;

    const deleting = warehouse?.run({
      text: "DELETE FROM PUBLIC.PULUMI_DADOSFERA_CHANGES",
      binds: [],
    });

    await assert.rejects(async () => deleting, { code: "WAREHOUSE_PRIVILEGE_MISSING" });
  });

  it("takes its names from the variables of the provider", async () => {
    const variables = {
      SNOWFLAKE_ROLE: "Etl Role",
      SNOWFLAKE_DATABASE: "dw",
      SNOWFLAKE_SCHEMA: "RAW",
      SNOWFLAKE_WAREHOUSE: "small",
      DADOSFERA_JOURNAL_SCHEMA: "OPS",
    };

    const { stdout } = await dadosfera(["warehouse-setup", "--print"], variables);

    assert.match(stdout, /GRANT USAGE ON SCHEMA "dw"\."RAW" TO ROLE "Etl Role";/);
    assert.match(stdout, /GRANT USAGE ON WAREHOUSE SMALL TO ROLE "Etl Role";/);
    assert.match(stdout, /GRANT SELECT, INSERT ON TABLE "dw"\."OPS"\."PULUMI_DADOSFERA_CHANGES"/);
    assert.match(stdout, /GRANT CREATE TABLE ON SCHEMA "dw"\."RAW"/);
  });

  it("refuses to do anything but print, with 2", async () => {
    const ended = await dadosfera(["warehouse-setup", ...PLACE]);

    assert.deepEqual(ended, {
      code: 2,
      stdout: "",
      stderr:
        "Did not print the set-up of the warehouse: it prints SQL and does nothing else, so say --print.\n" +
        "Nothing was changed.\n" +
        "Run `dadosfera warehouse-setup --help` to see the flags.\n",
    });
  });

  it("refuses without a role, and flags that it does not have, with 2", async () => {
    const roleless = await dadosfera(["warehouse-setup", "--print", "--database", "DW"]);
    const unknown = await dadosfera(["warehouse-setup", "--print", "--execute"]);

    assert.match(roleless.stderr, /: name the role, with --role or SNOWFLAKE_ROLE\.\n/);
    assert.match(unknown.stderr, /Unknown option '--execute'/);
    assert.deepEqual([roleless.code, unknown.code], [2, 2]);
  });
});

const CHANGES = 'TABLE "DADOSFERA"."OPS"."PULUMI_DADOSFERA_CHANGES"';
const LEASES = 'TABLE "DADOSFERA"."OPS"."PULUMI_DADOSFERA_LEASES"';

/** What is left out of the printed SQL, and what the preview then says. */
const LEFT_OUT: readonly (readonly [privilege: string, printed: string, kept: string])[] = [
  [`DELETE on ${TABLE}`, ALL_TABLES, "GRANT SELECT, INSERT ON ALL TABLES"],
  [`INSERT on ${TABLE}`, ALL_TABLES, "GRANT SELECT, DELETE ON ALL TABLES"],
  [`SELECT on ${TABLE}`, ALL_TABLES, "GRANT INSERT, DELETE ON ALL TABLES"],
  ["CREATE TABLE on schema PUBLIC", "GRANT CREATE TABLE ON", "-- GRANT CREATE TABLE ON"],
  [
    "INSERT on OPS.PULUMI_DADOSFERA_CHANGES",
    `GRANT SELECT, INSERT ON ${CHANGES}`,
    `GRANT SELECT ON ${CHANGES}`,
  ],
  ...["SELECT", "INSERT", "UPDATE"].map(
    (privilege) =>
      [
        `${privilege} on OPS.PULUMI_DADOSFERA_LEASES`,
        `GRANT SELECT, INSERT, UPDATE ON ${LEASES}`,
        `GRANT ${["SELECT", "INSERT", "UPDATE"].filter((each) => each !== privilege).join(", ")} ON ${LEASES}`,
      ] as const,
  ),
  [
    "SELECT on OPS.PULUMI_DADOSFERA_CHANGE_HISTORY (or CREATE VIEW on schema OPS)",
    "GRANT SELECT ON VIEW",
    "-- GRANT SELECT ON VIEW",
  ],
];

describe("without one of the printed privileges, a column change is refused", function () {
  this.timeout(PATIENCE_MS);

  for (const [privilege, printed, kept] of LEFT_OUT) {
    it(`for lack of ${privilege}`, async () => {
      await using world = await startRestrictedWorld({ DADOSFERA_JOURNAL_SCHEMA: "OPS" });

      const { happened } = await refusalWith(world, printed, kept);

      assert.equal(happened, `Cannot change the rows of ${TABLE}: the role lacks ${privilege}.`);
    });
  }

  it("for lack of everything on the table, as one that the role may not see", async () => {
    await using world = await startRestrictedWorld({ DADOSFERA_JOURNAL_SCHEMA: "OPS" });

    const { next } = await refusalWith(world, ALL_TABLES, `-- ${ALL_TABLES}`);

    assert.match(next, /that the role in SNOWFLAKE_ROLE may see the table\.$/);
  });

  it("for lack of SELECT on the journal, which is read first", async () => {
    await using world = await startRestrictedWorld({ DADOSFERA_JOURNAL_SCHEMA: "OPS" });

    const { code, happened } = await refusalWith(
      world,
      `GRANT SELECT, INSERT ON ${CHANGES}`,
      `GRANT INSERT ON ${CHANGES}`,
    );

    assert.equal(code, "JOURNAL_UNREADABLE");
    assert.match(happened, /lacks SELECT on PULUMI_DADOSFERA_CHANGES or PULUMI_DADOSFERA_LEASES/);
  });
});

/** What the preview says where a part of the printed SQL was replaced before it was run. */
async function refusalWith(world: ChangeWorld, printed: string, kept: string) {
  await asAdministrator(world, "CREATE SCHEMA OPS;\n");
  const flags = ["--print", ...PLACE, "--journal-schema", "OPS"];
  const { stdout } = await dadosfera(["warehouse-setup", ...flags]);
  assert.ok(stdout.includes(printed), printed);
  await asAdministrator(world, stdout.replace(printed, kept));
  return complaintOf(
    world.providers.Job.diff?.("id", world.job, withTelefone()) ?? Promise.resolve(),
  );
}

/** A world whose provider signs in as a role that holds nothing yet. */
function startRestrictedWorld(
  settings: Readonly<Record<string, string>> = {},
): Promise<ChangeWorld> {
  return startChangeWorld({ snowflakeLogins: LOGINS, settings: { ...ROBO, ...settings } });
}

/** Runs a script, statement by statement, as Snowflake's worksheet would. */
async function asAdministrator({ emulator }: ChangeWorld, script: string): Promise<void> {
  const { environment } = emulator;
  const settings = parseWarehouseSettings({
    account: "emulator",
    user: "ADMIN",
    password: "admin",
    role: "ACCOUNTADMIN",
    warehouse: "EMULATED",
    database: "DADOSFERA",
    host: environment["SNOWFLAKE_HOST"],
    port: environment["SNOWFLAKE_PORT"],
    protocol: "http",
  });
  assert.ok(settings);
  const warehouse = new Warehouse(settings, systemClock);
  const statements = script.replaceAll(/^--.*$/gm, "").split(";\n");
  for (const text of statements.filter((each) => each.trim() !== ""))
    await warehouse.run({ text, binds: [] });
  await warehouse.close();
}
