import assert from "node:assert/strict";
import {
  isExistingObject,
  isMissingObject,
  isMissingPrivilege,
  isRefusal,
  loginError,
  warehouseError,
} from "#src/warehouse/refusals.js";

describe("a refused statement", () => {
  it("says what Snowflake said, and that it had no effect", () => {
    const error = warehouseError(
      refusal("000904", "SQL compilation error:\n  invalid identifier 'FAX'."),
      "SELECT\n  FAX FROM T",
    );

    assert.equal(error.code, "WAREHOUSE_REFUSED");
    assert.deepEqual(error.message.split("\n"), [
      `Snowflake refused "SELECT FAX FROM T": SQL compilation error: invalid identifier 'FAX' (Snowflake 000904).`,
      "This statement had no effect.",
      "Look up the code in Snowflake's documentation, mend the cause and run `pulumi up` again.",
    ]);
  });

  it("for want of a privilege says so", () => {
    const error = warehouseError(refusal("003001", "Insufficient privileges"), "DELETE FROM T");

    assert.equal(error.code, "WAREHOUSE_PRIVILEGE_MISSING");
    assert.equal(
      error.next,
      "Grant the privilege to the role in SNOWFLAKE_ROLE and run `pulumi up` again.",
    );
    assert.deepEqual([isMissingPrivilege(error), isRefusal(error)], [true, true]);
  });

  it("is told apart by Snowflake's code, wrapped or not", () => {
    const [missing, existing] = [refusal("002003", "no T"), refusal("002002", "T exists")];

    assert.deepEqual([missing, warehouseError(missing, "x"), existing].map(isMissingObject), [
      true,
      true,
      false,
    ]);
    assert.deepEqual([missing, existing].map(isExistingObject), [false, true]);
  });

  it("keeps nothing of the driver's request", () => {
    const driver = Object.assign(refusal("000904", "no"), {
      response: { headers: { Authorization: "segredo" } },
    });

    assert.doesNotMatch(JSON.stringify(everyField(warehouseError(driver, "x"))), /segredo/);
  });
});

describe("a lost connection", () => {
  it("leaves it open whether the statement had its effect", () => {
    const error = warehouseError(
      Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }),
      "DELETE FROM T",
    );

    assert.equal(error.code, "WAREHOUSE_UNAVAILABLE");
    assert.equal(isRefusal(error), false);
    assert.deepEqual(error.message.split("\n"), [
      'Lost the connection to Snowflake during "DELETE FROM T": socket hang up.',
      "It is not known whether this statement had its effect.",
      "Check the network and SNOWFLAKE_ACCOUNT, then run `pulumi up` again.",
    ]);
  });
});

describe("a login", () => {
  it("that is refused names user and account", () => {
    const error = loginError(refusal("390100", "Incorrect username or password."), "acme", "ROBO");

    assert.equal(error.code, "WAREHOUSE_UNAUTHORIZED");
    assert.deepEqual(error.message.split("\n"), [
      'Snowflake refused the login of user "ROBO" in account "acme": Incorrect username or password (Snowflake 390100).',
      "Nothing was changed by this attempt.",
      "Correct SNOWFLAKE_USER and its credential (SNOWFLAKE_PASSWORD, SNOWFLAKE_PRIVATE_KEY_PATH or SNOWFLAKE_TOKEN) and run the command again.",
    ]);
  });

  it("that did not reach Snowflake names the account", () => {
    const error = loginError(new Error("getaddrinfo ENOTFOUND"), "acme", "ROBO");

    assert.equal(error.code, "WAREHOUSE_UNAVAILABLE");
    assert.equal(
      error.happened,
      'Could not reach Snowflake account "acme": getaddrinfo ENOTFOUND.',
    );
  });
});

function refusal(code: string, message: string): Error {
  return Object.assign(new Error(message), { code, sqlState: "42000" });
}

function everyField(error: Error): unknown {
  const { cause } = error;
  return { ...error, message: error.message, cause: { ...(cause as object), text: String(cause) } };
}
