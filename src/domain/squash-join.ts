import { type Migration, migrationLabel } from "./migration.js";
import type { TransactionTraits } from "./transaction-traits.js";

/** One file of a squash, on its way into the joined one. */
export interface JoinPart {
  readonly migration: Pick<Migration, "version" | "name">;
  readonly sql: string;
  readonly traits: Pick<TransactionTraits, "isOpen" | "settings">;
}

/** The ups, in the order in which Hasura applies them. The parts come by version. */
export function joinUps(parts: readonly JoinPart[]): string {
  return parts.map(joined).join("\n");
}

/** The downs, in the reverse order. The parts come by version, as for the ups. */
export function joinDowns(parts: readonly JoinPart[]): string {
  return parts.toReversed().map(joined).join("\n");
}

/**
 * The file's own bytes, under a line that names it. What a file on its own gets from Hasura and would miss here is added: the
 * end of its last statement, and settings as a new session has them. A byte order mark is one only at the start of a file, so
 * it is left out; Hasura's own squash leaves it in, which PostgreSQL takes for a syntax error.
 */
function joined({ migration, sql, traits }: JoinPart): string {
  const text = sql.replace(/^\uFEFF/, "");
  return [
    `-- ${inOneComment(migrationLabel(migration))}\n`,
    text,
    text === "" || text.endsWith("\n") ? "" : "\n",
    // On a line of its own: the last line may be a comment.
    traits.isOpen ? ";\n" : "",
    ...inOrder(traits.settings).map((name) => `${reset(name)};\n`),
  ].join("");
}

/** A comment ends at any line break; a folder's name may hold one. */
function inOneComment(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}

/** The role first: another may lack the right to bring the rest back. */
function inOrder(settings: readonly string[]): readonly string[] {
  const roles = ["session_authorization", "role"].filter((name) => settings.includes(name));
  return [...roles, ...settings.filter((name) => !roles.includes(name))];
}

function reset(setting: string): string {
  if (setting === "session_authorization") return "RESET SESSION AUTHORIZATION";
  return `RESET ${setting}`;
}
