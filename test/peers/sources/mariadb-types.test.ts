import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "pulumi-dadosfera/testing";
import { loadTable } from "../../support/loaded-table.js";
import { findMariadbSource, type RealSource } from "../../support/real-source.js";
import { type Mapped, mappedBy, type Refused, refusedBy } from "../../support/type-matrix.js";

const TEXT = "VARCHAR(16777216)";
const WHOLE = "NUMBER(38,0)";
const NTZ = "TIMESTAMP_NTZ(9)";

const MAPPED: readonly Mapped[] = [
  ["int", "1", WHOLE, "1"],
  ["tinyint(1)", "2", WHOLE, "2"],
  ["tinyint unsigned", "255", WHOLE, "255"],
  ["smallint unsigned", "65535", WHOLE, "65535"],
  ["mediumint unsigned", "16777215", WHOLE, "16777215"],
  ["int unsigned zerofill", "42", WHOLE, "42"],
  ["bigint", "-9223372036854775808", WHOLE, "-9223372036854775808"],
  ["bigint unsigned", "18446744073709551615", WHOLE, "18446744073709551615"],
  ["decimal(12,2)", "12.30", "NUMBER(12,2)", "12.30"],
  [
    "decimal(38,0)",
    "99999999999999999999999999999999999999",
    WHOLE,
    "99999999999999999999999999999999999999",
  ],
  [
    "decimal(38,30) unsigned",
    "12345678.123456789012345678901234567890",
    "NUMBER(38,30)",
    "12345678.123456789012345678901234567890",
  ],
  ["float", "16777217", "FLOAT", 16777216],
  ["float", "0.1", "FLOAT", 0.10000000149011612],
  ["double", "0.1", "FLOAT", 0.1],
  ["double", "-1.7976931348623157e308", "FLOAT", "-1.7976931348623157e+308"],
  ["bit(1)", "b'1'", "BOOLEAN", true],
  ["year", "2155", WHOLE, "2155"],
  ["year", "0", WHOLE, "0"],
  ["char(5)", "'a'", TEXT, "a"],
  ["varchar(10)", "'a  '", TEXT, "a  "],
  ["varchar(20) CHARACTER SET latin1", "'ção'", TEXT, "ção"],
  ["longtext", "'it''s \\\\ 😀'", TEXT, "it's \\ 😀"],
  ["text", "''", TEXT, ""],
  ["json", `'{"b":1, "a": [1]}'`, TEXT, '{"b":1, "a": [1]}'],
  ["uuid", "'5e0c9a41-2d7f-4b86-a3c4-9f61d208be73'", TEXT, "5e0c9a41-2d7f-4b86-a3c4-9f61d208be73"],
  ["inet6", "'::1'", TEXT, "::1"],
  ["date", "'2024-02-29'", "DATE", "2024-02-29"],
  ["time(6)", "'23:59:59.999999'", "TIME(9)", "23:59:59.999999"],
  ["datetime(6)", "'2025-12-17 16:49:00.123456'", NTZ, "2025-12-17 16:49:00.123456"],
  ["timestamp(6) NULL", "'2025-12-17 16:49:00.5'", NTZ, "2025-12-17 16:49:00.500000"],
  ["timestamp NULL", "FROM_UNIXTIME(1766000940)", NTZ, "2025-12-17 19:49:00.000000"],
  ["int AS (2 + 3) VIRTUAL", "DEFAULT", WHOLE, "5"],
  ["text", "NULL", TEXT, null],
  ["datetime", "NULL", NTZ, null],
];

const REFUSED: readonly Refused[] = [
  ["blob", "'x'", "has the type blob"],
  ["varbinary(3)", "'x'", "has the type varbinary(3)"],
  ["binary(3)", "'x'", "has the type binary(3)"],
  ["enum('a','b')", "'a'", "has the type enum('a','b')"],
  ["set('a','b')", "'a,b'", "has the type set('a','b')"],
  ["point", "point(1, 2)", "has the type point"],
  ["bit(3)", "b'101'", "has the type bit(3)"],
  ["decimal(65,30)", "1", "has the type decimal(65,30)"],
  ["date", "'0000-00-00'", "holds 0000-00-00"],
  ["date", "'2024-00-10'", "holds 2024-00-10"],
  ["date", "'0000-01-01'", "holds 0000-01-01"],
  ["datetime", "'0000-00-00 00:00:00'", "holds 0000-00-00 00:00:00"],
  ["timestamp", "'0000-00-00 00:00:00'", "holds 0000-00-00 00:00:00"],
  ["time", "'24:00:00'", "holds 24:00:00"],
  ["time", "'-00:00:01'", "holds -00:00:01"],
  ["time", "'838:59:59'", "holds 838:59:59"],
  ["longtext", "repeat('ç', 8388609)", "holds a value of 8388609 characters"],
];

describe("a MariaDB as the source (needs mariadbd and mariadb-install-db)", function () {
  this.timeout(120_000);
  let server: RealSource | undefined;
  let emulator: Emulator | undefined;
  const world = () => {
    if (server === undefined || emulator === undefined) throw new Error("They run only in tests");
    return { server, emulator };
  };

  before(async function () {
    server = await findMariadbSource();
    if (server === undefined) return this.skip();
    emulator = await startEmulator({ source: server.url });
    await server.run("CREATE DATABASE tipos CHARACTER SET utf8mb4");
  });
  after(async () => {
    await emulator?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  it("carries each type as the destination holds it, with its value", async () => {
    const seen = await mappedBy(world(), MAPPED);

    assert.deepEqual(seen, MAPPED);
  });

  it("fails a run for what the destination cannot hold, by the column's name, and only if it is wanted", async () => {
    const { seen, without } = await refusedBy(world(), REFUSED);

    assert.deepEqual(seen, REFUSED);
    assert.deepEqual(without, [{ ID: "1" }]);
  });

  it("finds names with quotes, and an invisible column only if it is listed", async () => {
    const { emulator, server } = world();
    await server.run(
      "CREATE DATABASE `a``b`",
      'CREATE TABLE `a``b`.`O\'Reilly` (id int, `Preço "novo"` int, oculto int INVISIBLE DEFAULT 7)',
      "INSERT INTO `a``b`.`O'Reilly` VALUES (1, 2)",
    );
    const load = (columns: readonly string[] | null) =>
      loadTable(emulator, { schema: "A`B", table: "o'reilly", columns });

    const [all, listed] = [await load(null), await load(["ID", "OCULTO"])];

    assert.deepEqual(all.rows, [{ ID: 1, 'PREÇO "NOVO"': 2 }]);
    assert.deepEqual(listed.rows, [{ ID: 1, OCULTO: 7 }]);
  });
});
