import assert from "node:assert/strict";
import fc from "fast-check";
import { hasSecret, markSecrets, secret, unwrapSecrets } from "#src/engine/property.js";
import { createSecretsKeeper } from "#src/engine/secrets.js";
import { Boxes } from "./boxes.js";

// Made by the Pulumi CLI: a stack's salt, and one of its configuration secrets.
const recorded = {
  passphrase: "sample-passphrase",
  salt: "v1:fyc6RcTVbvQ=:v1:8voFLyaz+EqZX5Jz:HxJnmhAmn+iWZ+fW9fH5vNoCRqJDcA==",
  sealed: "v1:g9Ji3j1MdOdviRN/:ALMN6Qk9jH8WaHC569QnUNPv12SSqFfjKIlmCw==",
};

describe("the stack's secrets", function () {
  this.timeout(60_000);

  it("are read as the Pulumi CLI wrote them", async () => {
    const keeper = createSecretsKeeper(recorded);

    assert.equal(await keeper.decrypt(recorded.sealed), "hidden value");
  });

  it("are not read with another passphrase, or with none", async () => {
    const wrong = createSecretsKeeper({ ...recorded, passphrase: "another" });
    const none = createSecretsKeeper({ ...recorded, passphrase: "" });

    await assert.rejects(wrong.decrypt(recorded.sealed), {
      message: /incorrect passphrase/,
      exitCode: 1,
    });
    await assert.rejects(none.encrypt("x"), {
      message: /Set PULUMI_CONFIG_PASSPHRASE/,
      exitCode: 1,
    });
  });

  it("reach the provider in the clear, and the state only encrypted", async () => {
    await using boxes = new Boxes();
    const plan = [
      { name: "a", secrets: { note: "hush" } },
      { name: "b", options: { additionalSecretOutputs: ["label"] } },
    ];
    const env = { PULUMI_CONFIG_PASSPHRASE: "open" };

    const up = await boxes.up(plan, { env });
    const text = boxes.stateText;
    const again = await boxes.preview(plan, { env });

    assert.equal(up.exitCode, 0, up.stdout);
    assert.equal(boxes.readThing(String(boxes.find("a")?.id))["note"], "hush");
    assert.doesNotMatch(text, /hush|b-0/);
    assert.match(text, /"ciphertext":"v1:/);
    assert.match(up.stdout, /\n {4}b: \[secret\]\n/);
    assert.deepEqual(again.changeSummary, { same: 3 });
  });

  it("are refused before anything is made when there is no passphrase", async () => {
    await using boxes = new Boxes();

    const up = await boxes.up([{ name: "a", secrets: { note: "hush" } }], {
      env: { PULUMI_CONFIG_PASSPHRASE: "" },
    });

    assert.equal(up.exitCode, 1);
    assert.match(up.stdout, /the stack holds a secret, and there is no passphrase/);
    assert.deepEqual(boxes.changes, []);
    assert.doesNotMatch(boxes.stateText, /hush/);
  });
});

describe("a stack's configuration", function () {
  this.timeout(60_000);

  it("reaches program and provider, and later runs without the program as it was at the last update", async () => {
    await using boxes = new Boxes();
    const env = { PULUMI_CONFIG_PASSPHRASE: recorded.passphrase };
    boxes.writeConfig(
      `encryptionsalt: ${recorded.salt}\nconfig:\n  boxes:colour: red\n  other:list: [1, {b: 2, a: 1}]\n` +
        `  boxes:hidden:\n    secure: ${recorded.sealed}\n`,
    );

    const up = await boxes.up([{ name: "a" }], { env });
    boxes.writeConfig("  boxes:later: too\n");
    await boxes.refresh({ env });

    const configurations = boxes.calls
      .filter(({ method }) => method === "configure")
      .map(({ config }) => config);
    const expected = {
      "boxes:colour": "red",
      "boxes:hidden": "hidden value",
      "other:list": '[1,{"a":1,"b":2}]',
    };
    assert.equal(up.exitCode, 0, up.stderr);
    assert.equal(up.outputs["colour"], "red");
    assert.equal(up.outputs["hidden"], "[secret]");
    assert.deepEqual(configurations, [expected, expected]);
    assert.doesNotMatch(boxes.stateText, /hidden value/);
  });
});

describe("properties on their way to the provider and back", () => {
  const plain = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)));
  const properties = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,3}$/),
    fc.tuple(plain, fc.boolean()),
  );

  it("are secret again wherever they were, and the same underneath", () => {
    fc.assert(
      fc.property(properties, (entries) => {
        const model = Object.fromEntries(
          Object.entries(entries).map(([key, [value, isHidden]]) => [
            key,
            isHidden ? secret(value) : value,
          ]),
        );
        const sent = unwrapSecrets(model);
        assert.equal(hasSecret(sent), false);
        assert.deepEqual(markSecrets(sent, model), model);
      }),
    );
  });

  it("are secret as a list when one item is", () => {
    const model = { list: [1, secret("two")] };

    assert.deepEqual(markSecrets({ list: [1, "two"] }, model), { list: secret([1, "two"]) });
  });
});
