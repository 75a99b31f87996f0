import assert from "node:assert/strict";
import { ordersProgram, withPhone } from "../support/orders-program.js";
import { CalmOutput } from "./calm-output.js";
import { lineDiff } from "./line-diff.js";
import { openDemoSource } from "./source.js";
import { tableText } from "./table-text.js";

describe("the demo", () => {
  it("shows an edit as its lines, with what stands around them", () => {
    const program = ordersProgram();

    const lines = lineDiff(program, withPhone(program)).map((line) => line.slice(0, 40));

    assert.deepEqual(lines, [
      '          incrementalColumnType: "timest',
      '-         columnIncludeList: ["id", "cli',
      '+         columnIncludeList: ["id", "cli',
      "          authParameters: {",
      "  ...",
      '        primaryKeys: ["id"],',
      '+       backfill: { columns: ["telefone"',
      "      },",
    ]);
  });

  it("shows each step of an update once, and leaves its diagnostics out", () => {
    const job = "pulumi-nodejs:dynamic/dadosfera:Job orders-cadastros-pedidos";
    const output = new CalmOutput();

    const shown = [
      "Updating (dev):",
      " +  pulumi:pulumi:Stack orders-dev creating (0s) ",
      `    ${job}  Adds telefone`,
      ` ~  ${job} updating (0s) [diff: +backfill~input]; Adds telefone`,
      ` ~  ${job} updating (2s) [diff: +backfill~input]; step 1 of 2`,
      ` ~  ${job} updated (3s) [diff: +backfill~input]; step 2 of 2`,
      "Diagnostics:",
      "    step 1 of 2",
      "Resources:",
    ].map((line) => output.take(line));

    assert.deepEqual(
      shown.filter((line) => line !== undefined),
      [
        "Updating (dev):",
        " ~  Job orders-cadastros-pedidos updating",
        "      step 1 of 2",
        " ~  Job orders-cadastros-pedidos updated (3s)",
        "",
        "Resources:",
      ],
    );
  });

  it("shows rows under their columns, numbers to the right", () => {
    const rows = [
      { ID: 1, TELEFONE: null },
      { ID: 12, TELEFONE: "11999990001" },
    ];

    assert.deepEqual(tableText(rows), [
      "ID  TELEFONE",
      "──  ───────────",
      " 1  null",
      "12  11999990001",
    ]);
  });

  it("refuses a source of a kind that it cannot start, and names those that there are", async () => {
    await assert.rejects(openDemoSource("oracle"), {
      message: `Did not start the demo: "oracle" is not a source: there is postgres, mariadb, or a URL of such a server.
Nothing was changed.
Name one of them, as \`npm run demo -- --source postgres\`.`,
    });
  });
});
