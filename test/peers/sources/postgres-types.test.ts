import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "pulumi-dadosfera/testing";
import { loadTable } from "../../support/loaded-table.js";
import { findPostgresSource, type RealSource } from "../../support/real-source.js";
import { type Mapped, mappedBy, type Refused, refusedBy } from "../../support/type-matrix.js";

const TEXT = "VARCHAR(16777216)";
const WHOLE = "NUMBER(38,0)";
const NTZ = "TIMESTAMP_NTZ(9)";
const TZ = "TIMESTAMP_TZ(9)";

const MAPPED: readonly Mapped[] = [
  ["int", "1", WHOLE, "1"],
  ["smallint", "-32768", WHOLE, "-32768"],
  ["bigint", "9223372036854775807", WHOLE, "9223372036854775807"],
  ["oid", "4294967295", WHOLE, "4294967295"],
  ["numeric(12,2)", "12.30", "NUMBER(12,2)", "12.30"],
  [
    "numeric(38,0)",
    "99999999999999999999999999999999999999",
    WHOLE,
    "99999999999999999999999999999999999999",
  ],
  ["numeric(3,-2)", "99900", "NUMBER(5,0)", "99900"],
  // DuckDB leaves away a zero that stands alone before the point.
  ["numeric(2,5)", "0.00012", "NUMBER(5,5)", ".00012"],
  [
    "numeric",
    "12345678901234567890.000000000000000001",
    "NUMBER(38,18)",
    "12345678901234567890.000000000000000001",
  ],
  ["numeric", "1.500000000000000000000", "NUMBER(38,18)", "1.500000000000000000"],
  ["real", "0.5", "FLOAT", 0.5],
  ["double precision", "0.1", "FLOAT", 0.1],
  ["double precision", "'NaN'", "FLOAT", "NaN"],
  ["real", "'-Infinity'", "FLOAT", "-Infinity"],
  ["boolean", "true", "BOOLEAN", true],
  ["bit", "B'1'", "BOOLEAN", true],
  ["text", "'ção ''x'' \\ 😀'", TEXT, "ção 'x' \\ 😀"],
  ["varchar(5)", "'a  '", TEXT, "a  "],
  ["char(5)", "'a'", TEXT, "a    "],
  ["text", "''", TEXT, ""],
  ["uuid", "'5E0C9A41-2d7f-4b86-a3c4-9f61d208be73'", TEXT, "5e0c9a41-2d7f-4b86-a3c4-9f61d208be73"],
  ["json", `'{"b":1, "a": [1]}'`, TEXT, '{"b":1, "a": [1]}'],
  ["jsonb", `'{"b":1, "a": [1]}'`, TEXT, '{"a": [1], "b": 1}'],
  ["inet", "'10.0.0.1/24'", TEXT, "10.0.0.1/24"],
  ["macaddr", "'08:00:2b:01:02:03'", TEXT, "08:00:2b:01:02:03"],
  ["date", "'2024-02-29'", "DATE", "2024-02-29"],
  ["date", "'0001-01-01'", "DATE", "0001-01-01"],
  ["time", "'23:59:59.999999'", "TIME(9)", "23:59:59.999999"],
  ["timestamp", "'2025-12-17 16:49:00.123456'", NTZ, "2025-12-17 16:49:00.123456"],
  ["timestamptz", "'2025-12-17 16:49:00.5-03'", TZ, "2025-12-17 19:49:00.500000"],
  ["tipos.nota", "9.75", "NUMBER(4,2)", "9.75"],
  ["tipos.boa_nota", "9.50", "NUMBER(4,2)", "9.50"],
  ["int GENERATED ALWAYS AS (2 + 3) STORED", "DEFAULT", WHOLE, "5"],
  ["text", "NULL", TEXT, null],
  ["timestamptz", "NULL", TZ, null],
];

const REFUSED: readonly Refused[] = [
  ["bytea", "'\\x00'", "has the type bytea"],
  ["tipos.humor", "'ok'", "has the type tipos.humor"],
  ["tipos.par", "ROW(1, 2)", "has the type tipos.par"],
  ["tipos.date", "ROW(1)", "has the type tipos.date"],
  ["text[]", "'{a}'", "has the type text[]"],
  ["numeric(39,2)", "1", "has the type numeric(39,2)"],
  ["interval", "'1 month'", "has the type interval"],
  ["timetz", "'10:00-03'", "has the type time with time zone"],
  ["money", "1", "has the type money"],
  ["bit(3)", "B'101'", "has the type bit(3)"],
  ["bit varying", "B'1'", "has the type bit varying"],
  ["int4range", "'[1,3)'", "has the type int4range"],
  ["point", "'(1,2)'", "has the type point"],
  ["tsvector", "'a'", "has the type tsvector"],
  ["numeric", "'NaN'", "holds NaN"],
  ["numeric", "'Infinity'", "holds Infinity"],
  ["numeric", "0.0000000000000000001", "holds 0.0000000000000000001"],
  ["numeric", "100000000000000000000", "holds 100000000000000000000"],
  ["date", "'infinity'", "holds infinity"],
  ["date", "'0044-03-15 BC'", "holds 0044-03-15 BC"],
  ["date", "'10000-01-01'", "holds 10000-01-01"],
  ["time", "'24:00'", "holds 24:00:00"],
  ["timestamp", "'-infinity'", "holds -infinity"],
  ["timestamptz", "'infinity'", "holds infinity"],
  ["timestamp", "'0001-01-01 00:00:00 BC'", "holds 0001-01-01 00:00:00 BC"],
  ["text", "repeat('ç', 8388609)", "holds a value of 8388609 characters"],
];

describe("a PostgreSQL as the source (needs its binaries)", function () {
  this.timeout(120_000);
  let server: RealSource | undefined;
  let emulator: Emulator | undefined;
  const world = () => {
    if (server === undefined || emulator === undefined) throw new Error("They run only in tests");
    return { server, emulator };
  };

  before(async function () {
    server = await findPostgresSource();
    if (server === undefined) return this.skip();
    emulator = await startEmulator({ source: server.url });
    await server.run(
      "CREATE SCHEMA tipos",
      "CREATE TYPE tipos.humor AS ENUM ('ok')",
      "CREATE TYPE tipos.par AS (a int, b int)",
      "CREATE TYPE tipos.date AS (a int)",
      "CREATE DOMAIN tipos.nota AS numeric(4,2)",
      "CREATE DOMAIN tipos.boa_nota AS tipos.nota CHECK (VALUE > 5)",
    );
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

  it("finds names with quotes, and those that differ in case where only one does", async () => {
    const { emulator, server } = world();
    await server.run(
      'CREATE SCHEMA "A""b"',
      `CREATE TABLE "A""b"."O'Reilly" (id int, "Preço \\ ""novo""" int, "Caso" int, caso int)`,
      `INSERT INTO "A""b"."O'Reilly" VALUES (1, 2, 3, 4)`,
    );
    const load = (columns: readonly string[] | null) =>
      loadTable(emulator, { schema: 'a"B', table: "o'reilly", columns });

    const found = await load(["ID", 'preço \\ "novo"', "caso"]);
    const [either, all] = [await load(["CASO"]), await load(null)];

    assert.deepEqual(found.rows, [{ ID: 1, 'PREÇO \\ "NOVO"': 2, CASO: 4 }]);
    assert.match(either.failure, /^Columns "Caso" and "caso" differ only in case, /);
    assert.equal(all.failure, either.failure);
  });
});
