import assert from "node:assert/strict";
import { totpCode } from "#src/maestro/totp.js";

describe("a one-time code", () => {
  const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  const vectors = [
    [59, "287082"],
    [1111111109, "081804"],
    [1111111111, "050471"],
    [1234567890, "005924"],
    [2000000000, "279037"],
    [20000000000, "353130"],
  ] as const;

  for (const [seconds, code] of vectors) {
    it(`is that of RFC 6238 at ${seconds} s`, () => {
      assert.equal(totpCode(secret, seconds * 1000), code);
    });
  }

  it("is the same for a secret as an authenticator page prints it", () => {
    const printed = "gezd gnbv gy3t qojq gezd gnbv gy3t qojq====";

    assert.equal(totpCode(printed, 59_000), "287082");
  });
});
