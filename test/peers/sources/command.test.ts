import assert from "node:assert/strict";
import { dadosfera } from "../../support/command.js";

const emulator = (...flags: readonly string[]) => dadosfera(["emulator", ...flags]);

describe("dadosfera emulator --source", function () {
  this.timeout(60_000);

  it("refuses a URL of another kind with 2, and does not repeat it", async () => {
    const refused = await emulator("--source", "oracle://app:segredo@127.0.0.1:1521/shop");

    assert.deepEqual(
      [refused.code, refused.stderr],
      [
        2,
        `Did not start the emulator: its source is to be a URL that begins with postgres://, postgresql://, mysql:// or mariadb://.
Nothing was changed.
Correct it, as \`--source mysql://user:password@127.0.0.1:3306\`.
`,
      ],
    );
  });

  it("says that no server answers, with 1", async () => {
    const refused = [
      await emulator("--source", "mariadb://app:segredo@127.0.0.1:9"),
      await emulator("--source", "postgres://app:segredo@127.0.0.1:9/shop"),
    ];

    const text = (
      place: string,
    ) => `Did not start the emulator: the source ${place} does not answer: connect ECONNREFUSED 127.0.0.1:9.
Nothing was changed.
Start the server, or correct its host and port in --source.
`;
    assert.deepEqual(
      refused.map(({ code, stderr }) => [code, stderr]),
      [
        [1, text("127.0.0.1:9")],
        [1, text("127.0.0.1:9/shop")],
      ],
    );
  });

  it("goes neither with a seed nor with Hasura, whose database is the source", async () => {
    const refused = [
      await emulator("--source", "mysql://127.0.0.1:9", "--seed", "caso-1"),
      await emulator("--source", "mysql://127.0.0.1:9", "--hasura"),
      await emulator("--source", "mysql://127.0.0.1:9", "--postgres", "postgres://127.0.0.1:9"),
    ];

    assert.deepEqual(
      refused.map(({ code, stderr }) => [code, stderr.split("\n")[0]]),
      ["seed", "hasura", "postgres"].map((flag) => [
        2,
        `Did not start the emulator: --source and --${flag} exclude each other: there is one source.`,
      ]),
    );
  });
});
