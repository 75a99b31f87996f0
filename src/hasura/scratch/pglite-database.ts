import type { PGlite } from "@electric-sql/pglite" with { "resolution-mode": "import" };
import { DadosferaError } from "../../domain/errors.js";
import { type ScratchDatabase, SqlError } from "./scratch.js";
import { readSqlError } from "./sql-error.js";

type Message = Awaited<ReturnType<PGlite["execProtocol"]>>["messages"][number];
type TextRow = Record<string, string | null>;

/** One PGlite, spoken to in PostgreSQL's simple protocol: a whole text in one message, every value back as text. */
export class PgliteDatabase implements ScratchDatabase {
  readonly instance: PGlite;
  readonly #onClose: () => void;
  #last: Promise<unknown> = Promise.resolve();

  constructor(instance: PGlite, onClose: () => void) {
    this.instance = instance;
    this.#onClose = onClose;
  }

  async run(sql: string): Promise<void> {
    await this.#send(sql);
  }

  async query(sql: string): Promise<readonly Readonly<TextRow>[]> {
    return textRows(await this.#send(sql));
  }

  /**
   * Brings the files to what the database holds, exactly: a copy recovers from the last checkpoint, where sequences would otherwise
   * leap by up to 32. That recovery empties unlogged tables, so a database with rows in one is not copied.
   */
  async settle(): Promise<void> {
    const unlogged = await this.query(UNLOGGED);
    for (const { name } of unlogged) {
      const [row] = await this.query(`SELECT count(*) AS rows FROM ${name}`);
      if (row?.["rows"] !== "0") throw unloggedRows(name ?? "");
    }
    await this.run("CHECKPOINT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#onClose();
    if (!this.instance.closed) await this.instance.close();
  }

  async #send(sql: string): Promise<readonly Message[]> {
    // The message ends at the first NUL, and what follows would be taken for another message.
    if (sql.includes("\0")) {
      throw new SqlError('invalid byte sequence for encoding "UTF8": 0x00', { sqlState: "22021" });
    }
    // PGlite mixes up the answers to messages that overlap.
    const answer = this.#last.then(() => this.instance.execProtocol(simpleQuery(sql)));
    this.#last = answer.catch(() => undefined);
    try {
      return (await answer).messages;
    } catch (error) {
      throw readSqlError(error);
    }
  }
}

const UNLOGGED = `SELECT c.oid::regclass::text AS name FROM pg_catalog.pg_class c
  WHERE c.relpersistence = 'u' AND c.relkind = 'r'`;

function unloggedRows(table: string): DadosferaError {
  return new DadosferaError({
    code: "SCRATCH_REFUSED",
    happened: `Will not copy a database of PGlite: its unlogged table ${table} holds rows, which the copy would lose.`,
    now: "Nothing was proven and no file was changed.",
    next: "Name an engine that copies such tables, as `--engine postgres@15`.",
  });
}

/** Byte `Q`, the length of what follows, the text, a NUL. */
function simpleQuery(sql: string): Uint8Array {
  const text = Buffer.from(sql, "utf8");
  const message = Buffer.alloc(text.length + 6);
  message.write("Q", 0, "latin1");
  message.writeInt32BE(text.length + 5, 1);
  text.copy(message, 5);
  return message;
}

function textRows(messages: readonly Message[]): readonly TextRow[] {
  let names: readonly string[] = [];
  const rows: TextRow[] = [];
  for (const message of messages) {
    if (isRowDescription(message)) names = message.fields.map((field) => field.name);
    if (isDataRow(message)) {
      rows.push(Object.fromEntries(names.map((name, at) => [name, message.fields[at] ?? null])));
    }
  }
  return rows;
}

function isRowDescription(
  message: Message,
): message is Message & { readonly fields: readonly { readonly name: string }[] } {
  return message.name === "rowDescription";
}

function isDataRow(
  message: Message,
): message is Message & { readonly fields: readonly (string | null)[] } {
  return message.name === "dataRow";
}
