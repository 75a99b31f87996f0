import { countStatuses, type Finding, type Verdict } from "../domain/verdict.js";

/** What `verify` shows of one folder. */
export interface VerifiedFolder {
  /** Relative to the Hasura project. */
  readonly path: string;
  /** What it was tried on; undefined where every verdict was known from before. */
  readonly engine: string | undefined;
  readonly verdicts: readonly Verdict[];
  /** Lines that a prelude should hold. */
  readonly made: readonly string[];
}

/** Every migration with its status and what was found, then how many of each. */
export function verifiedText(folder: VerifiedFolder, preludePath: string): string {
  const { verdicts, path, engine } = folder;
  const on = engine === undefined ? "as known from an earlier run" : `on ${engine}`;
  const lines = verdicts.flatMap((verdict) => verdictLines(verdict, path));
  return [
    `${path}: ${countText(verdicts.length, "migration")}, ${on}`,
    "",
    ...lines,
    "",
    ...madeLines(folder, preludePath),
    totalText(verdicts),
    "",
  ].join("\n");
}

function totalText(verdicts: readonly Verdict[]): string {
  const counts = countStatuses(verdicts).map(({ status, count }) => `${count} ${status}`);
  return `${countText(verdicts.length, "migration")}: ${counts.join(", ") || "nothing to verify"}`;
}

export function countText(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

function verdictLines({ status, label, findings }: Verdict, folder: string): readonly string[] {
  const [first, ...more] = [`  ${status.padEnd(13)}  ${label}`];
  const told = findings.map((finding) => `${" ".repeat(17)}${findingText(finding, folder)}`);
  return [first ?? "", ...more, ...told];
}

/** `down.sql:3: the down fails: …`; the file as seen from the folder of the migration, which the line above names. */
function findingText({ file, line, words }: Finding, folder: string): string {
  if (file === undefined) return words;
  const short = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
  const name = short.split("/").at(-1) ?? short;
  return `${name}${line === undefined ? "" : `:${line}`}: ${words}`;
}

function madeLines({ made }: VerifiedFolder, preludePath: string): readonly string[] {
  if (made.length === 0) return [];
  return [
    `The folder needs what no migration makes. Keep it in ${preludePath} (\`--write-prelude\` writes it):`,
    "",
    ...made.flatMap((sql) => sql.split("\n")).map((line) => `  ${line}`),
    "",
  ];
}
