import type { Command, CommandIo } from "../command.js";
import { Misuse } from "./migrations/flags.js";

const SUMMARY = "Verify, squash and prove Hasura migrations on a PostgreSQL to throw away";

export const migrationsCommand: Command = {
  name: "migrations",
  summary: SUMMARY,
  helps: true,
  help: `Usage: dadosfera migrations <verify|squash|prove> [flags]

${SUMMARY}.

  verify  take each migration up, down and up again over rows chosen to hurt; name what comes back otherwise
  squash  fold a range of migrations into one, proven to do the same; the originals stay in git
  prove   prove the squashes of a folder once more, from the originals in git

Run \`dadosfera migrations <verify|squash|prove> --help\` for the flags of each.`,
  run,
};

type Run = (args: readonly string[], io: CommandIo) => Promise<number>;

const COMMANDS: Readonly<
  Record<string, () => Promise<{ readonly help: string; readonly run: Run }>>
> = {
  verify: async () => {
    const { VERIFY_HELP, verify } = await import("./migrations/verify.js");
    return { help: VERIFY_HELP, run: verify };
  },
  squash: async () => {
    const { SQUASH_HELP, squash } = await import("./migrations/squash.js");
    return { help: SQUASH_HELP, run: squash };
  },
  prove: async () => {
    const { PROVE_HELP, prove } = await import("./migrations/prove.js");
    return { help: PROVE_HELP, run: prove };
  },
};

async function run([name = "", ...args]: readonly string[], io: CommandIo): Promise<number> {
  if (name === "--help" || name === "-h") {
    io.write(`${migrationsCommand.help.trimEnd()}\n`);
    return 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    return misused(
      io,
      name === "" ? "nothing was asked for." : `there is no command "${name}".`,
      "",
    );
  }
  const command = await load();
  if (args.includes("--help") || args.includes("-h")) {
    io.write(`${command.help.trimEnd()}\n`);
    return 0;
  }
  try {
    return await command.run(args, io);
  } catch (error) {
    if (error instanceof Misuse) return misused(io, error.message, `${name} `);
    throw error;
  }
}

function misused(io: CommandIo, why: string, command: string): 2 {
  io.writeError(
    `Did not look at migrations: ${why}\nNothing was changed.\nRun \`dadosfera migrations ${command}--help\` to see what there is.\n`,
  );
  return 2;
}
