import assert from "node:assert/strict";
import { providerText } from "#src/resources/provider-text.js";

const kept =
  'exports.handler=()=>{let c;const p=()=>import("pulumi-dadosfera/provider").then(m=>m.provider("Job",c));' +
  'const f=n=>async(...a)=>(await p())[n](...a);return{configure(r){c=r},check:f("check"),diff:f("diff"),' +
  'create:f("create"),read:f("read"),update:f("update"),delete:f("delete")}}';

describe("the provider's text in a state", () => {
  it("is this one, byte for byte, for ever", () => {
    assert.equal(providerText("Job"), kept);
    assert.equal(providerText("Pipeline"), kept.replace('"Job"', '"Pipeline"'));
    assert.equal(providerText("MigrationHistory"), kept.replace('"Job"', '"MigrationHistory"'));
  });

  it("is short", () => {
    const sizes = ["Job", "Pipeline", "MigrationHistory"] as const;

    assert.ok(sizes.every((name) => Buffer.byteLength(providerText(name)) <= 400));
  });

  it("imports pulumi-dadosfera/provider, and nothing else", () => {
    const imported = [...providerText("Pipeline").matchAll(/(?:import|require)\(([^)]*)\)/g)];

    assert.deepEqual(
      imported.map(([, what]) => what),
      ['"pulumi-dadosfera/provider"'],
    );
  });
});
