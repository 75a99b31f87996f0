import { type ProgramPart, programText } from "../../domain/generated-program.js";
import type { Command, CommandIo } from "../command.js";
import {
  readFlags,
  readWhich,
  refuse,
  WHICH_HELP,
  type Which,
  withLiveParts,
} from "../live-parts.js";

const SUMMARY = "Print the program that takes live pipelines over as they are";

export const generateCommand: Command = {
  name: "generate",
  summary: SUMMARY,
  help: `Usage: dadosfera generate --pipeline ID | --all [--out DIR]

${SUMMARY}.
Each becomes a \`Pipeline\` with \`adopt\`: its first \`pulumi up\` takes it into the stack and changes nothing at
Maestro. What a program cannot say is left out, with a comment in its place and a line on stderr; where that is a
whole pipeline, those of its jobs that can be described stand alone, each as a \`Job\`.

${WHICH_HELP}
  --out DIR      write a file for each pipeline and an index.ts that imports them, instead of printing; files that
                 this command did not write, or that were edited since, are never replaced

It only reads. Settings are the DADOSFERA_… variables of the provider; with those of Snowflake it also sees schedules
that unfinished changes hold. Resources are named after their pipelines: renaming one at Dadosfera gives it another
name here, so generate once, and then edit the program.
Exit codes: 0 generated; 1 could not; 2 something was left out, or refused, or misused.`,
  run,
};

interface Flags {
  readonly which: Which;
  readonly folder: string | undefined;
}

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = readOwnFlags(args);
  if (typeof flags === "string") {
    const next = "Run `dadosfera generate --help` to see the flags.";
    return refuse(io, `Did not generate a program: ${flags}`, next);
  }
  const { folder } = flags;
  if (folder !== undefined) return generateFiles(flags.which, folder, io);
  return withLiveParts(flags.which, io, (parts) => {
    io.write(programText(parts));
    return 0;
  });
}

async function generateFiles(which: Which, folder: string, io: CommandIo): Promise<number> {
  const { filesNotOurs, programFiles, writeFiles } = await import("../program-files.js");
  return withLiveParts(which, io, (parts: readonly ProgramPart[]) => {
    const files = programFiles(parts);
    const foreign = filesNotOurs(folder, files);
    if (foreign.length > 0) {
      return refuse(
        io,
        `Did not write the program to ${folder}: ${foreign.join(", ")} ${foreign.length === 1 ? "is there, and was" : "are there, and were"} not written by this command, or edited since.`,
        "Name another folder with --out, or move these files away.",
      );
    }
    writeFiles(folder, files);
    io.write(
      `Wrote ${files.length} files to ${folder}: ${files.map(({ name }) => name).join(", ")}\n`,
    );
    return 0;
  });
}

function readOwnFlags(args: readonly string[]): Flags | string {
  const values = readFlags(args, { out: { type: "string" } });
  if (typeof values === "string") return values;
  if (values.out === "") return "--out names no folder.";
  const which = readWhich(values.pipeline, values.all);
  return typeof which === "string" ? which : { ...which, folder: values.out };
}
