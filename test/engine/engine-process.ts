import { engineCommand } from "#src/cli/commands/engine.js";

// The engine in a process of its own, for tests that send it signals.
void engineCommand
  .run(process.argv.slice(2), {
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    isTty: false,
  })
  .then((exitCode) => process.exit(exitCode));
