import assert from "node:assert/strict";
import type { EngineEvent } from "#src/engine/events.js";
import { TextDisplay } from "#src/engine/text-display.js";

const stackUrn = "urn:pulumi:test::boxes::pulumi:pulumi:Stack::boxes-test";
const urn = "urn:pulumi:test::boxes::box::a";

describe("a passing message", () => {
  const message = (text: string, isEphemeral: boolean): EngineEvent => {
    return { kind: "message", severity: "info", urn, text, isEphemeral, source: "log" };
  };
  const show = (isTty: boolean): string => {
    let shown = "";
    const write = (text: string): void => {
      shown += text;
    };
    const row = { isPreview: true, hasRows: true, stackUrn };
    const display = new TextDisplay({ write, writeError: write, isTty, ...row });
    for (const event of [message("1 of 2", true), message("2 of 2", true), message("done", false)])
      display.listen(event);
    return shown;
  };

  it("is written over on a terminal", () => {
    assert.equal(
      show(true),
      "    box a  1 of 2\r\u001b[2K    box a  2 of 2\r\u001b[2K    box a  done\n",
    );
  });

  it("has a line of its own elsewhere", () => {
    assert.equal(show(false), "    box a  1 of 2\n    box a  2 of 2\n    box a  done\n");
  });
});
