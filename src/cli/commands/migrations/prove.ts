import { byVersion, migrationLabel } from "../../../domain/migration.js";
import type { Answer } from "../../../hasura/squash/prove.js";
import type { CommandIo } from "../../command.js";
import { countText } from "../../migrations-text.js";
import { FOLDER_HELP, folderFlags, parseFlags, progressOn } from "./flags.js";
import type { Opened, OpenedFolder } from "./folders.js";

export const PROVE_HELP = `Usage: dadosfera migrations prove [flags]

Proves every squash of a folder once more: its parts are read from the commit that squash.json names, and played beside it.
Fails where the files are no longer those that squash.json speaks of.

${FOLDER_HELP}
                   Given again, each engine must prove it.

Exit codes: 0 all proven; 1 could not look; 2 refuted, edited or misused.`;

export async function prove(args: readonly string[], io: CommandIo): Promise<number> {
  const { openFolders } = await import("./folders.js");
  const opened = await openFolders(folderFlags(parseFlags(args, {})));
  let isProven = true;
  let count = 0;
  for (const folder of opened.folders) {
    for (const version of folder.folder.squashes.keys()) {
      count += 1;
      isProven = (await proveOne(version, folder, opened, io)) && isProven;
    }
  }
  io.write(
    `${countText(count, "squash").replace("squashs", "squashes")}${isProven ? ": all proven" : ""}\n`,
  );
  return isProven ? 0 : 2;
}

async function proveOne(
  version: string,
  { folder, seeds }: OpenedFolder,
  { engines, prelude }: Opened,
  io: CommandIo,
): Promise<boolean> {
  const { readSquash } = await import("../../../hasura/squash/read-squash.js");
  const { proveSquash } = await import("../../../hasura/squash/prove.js");
  const { startOf } = await import("./folders.js");
  const { squash, parts } = await readSquash(folder, version);
  const before = folder.migrations.filter((one) => byVersion(one, { version }) < 0);
  const progress = progressOn(io);
  let isProven = true;
  for (const engine of engines) {
    progress.show(`proving ${migrationLabel(squash)} on ${engine.name}`);
    const all = { ...folder, migrations: [...folder.migrations, ...parts] };
    await using scratch = await startOf(engine, all, prelude)();
    const answer = await proveSquash(scratch, {
      before,
      parts,
      squash: { up: squash.up.sql, down: squash.down.sql },
      prelude,
      seeds,
    });
    progress.clear();
    io.write(answerText(migrationLabel(squash), answer));
    isProven &&= answer.kind === "proven";
  }
  return isProven;
}

function answerText(label: string, answer: Answer): string {
  if (answer.kind === "refuted") {
    const reasons = answer.reasons.map((reason) => `           ${reason}\n`);
    return `  refuted  ${label}, on ${answer.engine.name}\n${reasons.join("")}`;
  }
  const over = `over ${countText(answer.rows, "row")} in ${countText(answer.tables, "table")}`;
  return `  proven   ${label}, on ${answer.engine.name}, ${over}\n`;
}
