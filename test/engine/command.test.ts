import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { engineCommand } from "#src/cli/commands/engine.js";
import { Boxes, type BoxPlan } from "./boxes.js";

describe("the command `engine`", () => {
  it("says in its help that it is not for deployments", async () => {
    const { exitCode, stdout } = await run(["--help"]);

    assert.equal(exitCode, 0);
    assert.match(stdout, /for demos and tests, not for deployments/);
  });

  it("refuses what it does not know or cannot do, and runs nothing", async () => {
    const refused = await Promise.all(
      [
        ["up", "--stack", "test", "--nonsense"],
        ["fly", "--stack", "test"],
        ["up"],
        ["up", "--stack", "test", "--expect-no-changes=1"],
        ["up", "--stack", "test", "--run-program"],
        ["up", "--stack", "test", "--parallel", "none"],
        ["up", "--stack", "test", "--cwd", "/nowhere"],
        ["refresh", "--stack", "test", "--replace", "urn"],
        ["up", "--stack", "test", "--target", "urn", "--exclude", "urn"],
      ].map(run),
    );

    assert.deepEqual(
      refused.map(({ exitCode }) => exitCode),
      refused.map(() => 2),
    );
    assert.match(refused[0]?.stderr ?? "", /dadosfera engine --help/);
    assert.match(
      refused[4]?.stderr ?? "",
      /Refused: this engine does not do --run-program\.\nNothing was run\.\n/,
    );
  });

  it("asks for --yes where nobody can be asked", async () => {
    await using boxes = new Boxes();

    const up = await run(["up", "--stack", "test", "--cwd", boxes.program]);

    assert.equal(up.exitCode, 2);
    assert.match(
      up.stderr,
      /there is no terminal to ask for consent\.\nNothing was changed\.\nAdd --yes/,
    );
  });
});

describe("an engine that is interrupted", function () {
  this.timeout(60_000);
  const plan = [{ name: "a" }, { name: "b", from: "a" }];

  it("waits for the call that runs, saves its result, and begins nothing new", async () => {
    await using boxes = new Boxes();
    const engine = start(boxes, plan, "create:a=wait");
    await boxes.until(() => boxes.changes.length === 1);

    engine.kill("SIGINT");
    await engine.hasSaid("press ^C again");
    boxes.release();
    const exitCode = await engine.exited;

    assert.equal(exitCode, 1);
    assert.match(engine.said(), /\n {4}error: update canceled\n/);
    assert.notEqual(boxes.find("a")?.id, undefined);
    assert.equal(boxes.find("b"), undefined);
    assert.deepEqual(boxes.pendingOperations, []);
    assert.deepEqual(boxes.changes, ["create a"]);
  });

  it("ends at once when it is interrupted again, and the state says what was under way", async () => {
    await using boxes = new Boxes();
    const engine = start(boxes, plan, "create:a=wait");
    await boxes.until(() => boxes.changes.length === 1);

    engine.kill("SIGTERM");
    await engine.hasSaid("send SIGTERM again");
    engine.kill("SIGTERM");
    const exitCode = await engine.exited;
    const pending = boxes.pendingOperations.map(
      ({ type, resource }) => `${type} ${resource.urn.split("::")[3]}`,
    );
    boxes.release();
    const next = await boxes.up([{ name: "a" }]);

    assert.equal(exitCode, 8);
    assert.deepEqual(pending, ["creating a"]);
    assert.equal(next.exitCode, 0, next.stderr);
    assert.match(next.stdout, /with 1 pending operations/);
    assert.equal((await boxes.refresh({ clearPendingCreates: true })).exitCode, 0);
    assert.deepEqual(boxes.pendingOperations, []);
  });
});

async function run(args: readonly string[]) {
  const buffer = { stdout: "", stderr: "" };
  const exitCode = await engineCommand.run([...args], {
    write: (text) => {
      buffer.stdout += text;
    },
    writeError: (text) => {
      buffer.stderr += text;
    },
    isTty: false,
  });
  return { exitCode, ...buffer };
}

function start(boxes: Boxes, plan: readonly BoxPlan[], faults: string) {
  const args = ["up", "--yes", "--skip-preview", "--stack", "test", "--cwd", boxes.program];
  const child: ChildProcess = spawn(
    process.execPath,
    [join(__dirname, "engine-process.js"), ...args],
    {
      env: { ...process.env, ...boxes.environment, BOXES: JSON.stringify(plan), FAULTS: faults },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return {
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    said: () => text,
    hasSaid: async (words: string): Promise<void> => {
      while (!text.includes(words)) await once(child.stdout ?? child, "data");
    },
    exited: once(child, "close").then(([code]) => code as number | null),
  };
}
