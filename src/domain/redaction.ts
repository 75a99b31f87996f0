const WITHHELD = "[withheld]";
const LONGEST_QUOTE = 300;
const DEEPEST_CAUSE = 5;

/** Anything that has the look of a token or of an API key, also when it is not one of ours. */
const LOOKS_SECRET = /eyJ[\w-]{8,}(?:\.[\w-]*)*|ddf_\w+/g;

/** Removes every credential that the door has ever held from what was said by others: an answer, or an error beneath ours. */
export class Redaction {
  readonly #secrets = new Set<string>();

  /** Remembers a credential in every spelling in which a service may echo it. */
  learn(secret: string | undefined): void {
    if (secret === undefined || secret === "") return;
    for (const spelling of spellings(secret)) this.#secrets.add(spelling);
  }

  text(text: string): string {
    const longestFirst = [...this.#secrets].sort((a, b) => b.length - a.length);
    // All at once: one after the other, a short password would be looked for in the marks of the earlier ones.
    const known = longestFirst.map(literally).join("|");
    const once = known === "" ? text : text.replaceAll(new RegExp(known, "gi"), WITHHELD);
    return once.replaceAll(LOOKS_SECRET, WITHHELD);
  }

  /** What a service said, fit for a message: on one line, without credentials, and not too long. */
  quote(text: string): string {
    const line = this.text(text)
      .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, " ")
      .trim();
    // Cut after the redaction, or half a credential might stand at the end.
    return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line;
  }

  /** A copy of an error, and of its causes, with nothing in it but redacted text. */
  cause(error: unknown, depth = 0): Error | undefined {
    if (error === undefined || depth > DEEPEST_CAUSE) return undefined;
    if (!(error instanceof Error)) return new Error(this.text(String(error)));
    const copy = new Error(this.text(error.message), {
      cause: this.cause(error.cause, depth + 1),
    });
    copy.name = this.text(error.name);
    copy.stack = this.text(error.stack ?? error.message);
    return copy;
  }
}

/** `RegExp.escape` is not in Node 22. */
function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function spellings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams([["", secret]]).toString().slice(1),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    htmlEscaped(secret),
  ].filter((spelling) => spelling !== "");
}

function htmlEscaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
