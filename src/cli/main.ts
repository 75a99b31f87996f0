#!/usr/bin/env node
import type { Command, CommandIo } from "./command.js";

/** Each command is loaded when it is asked for; what it needs, it imports when it runs, so that help is fast. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  engine: async () => (await import("./commands/engine.js")).engineCommand,
  emulator: async () => (await import("./commands/emulator.js")).emulatorCommand,
  migrations: async () => (await import("./commands/migrations.js")).migrationsCommand,
  doctor: async () => (await import("./commands/doctor.js")).doctorCommand,
  generate: async () => (await import("./commands/generate.js")).generateCommand,
  "import-file": async () => (await import("./commands/import-file.js")).importFileCommand,
  "warehouse-setup": async () =>
    (await import("./commands/warehouse-setup.js")).warehouseSetupCommand,
};

const HELP_WORDS = new Set(["--help", "-h", "help"]);

const io: CommandIo = {
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  isTty: process.stdout.isTTY === true,
};

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || HELP_WORDS.has(name)) {
    io.write(await help());
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    io.writeError(
      `Did not run "${name}": there is no such command.\nNothing was changed.\nRun \`dadosfera --help\` to see the commands.\n`,
    );
    return 2;
  }
  const command = await load();
  if (command.helps !== true && args.some((arg) => arg === "--help" || arg === "-h")) {
    io.write(`${command.help.trimEnd()}\n`);
    return 0;
  }
  return command.run(args, io);
}

async function help(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return [
    "Usage: dadosfera <command> [flags]",
    "",
    ...lines,
    "",
    "Run `dadosfera <command> --help` for the flags of a command.",
    "",
  ].join("\n");
}
