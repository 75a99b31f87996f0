import { SnowflakeError, unexpected } from "./errors.js";
import { type Token, tokenize } from "./lexer.js";

/** Reads a statement from left to right; what is not where the grammar wants it is a syntax error. */
export class TokenReader {
  readonly source: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(source: string) {
    this.source = source;
    this.#tokens = tokenize(source);
  }

  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1;
    const token = this.#tokens[Math.min(this.#next + ahead, last)];
    if (token === undefined) throw unexpected("", this.source.length);
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  /** Where the last token that was read ends in the source. */
  lastEnd(): number {
    return this.#tokens[this.#next - 1]?.end ?? 0;
  }

  /** True if the words (and symbols) come next, in this order. */
  sees(...texts: readonly string[]): boolean {
    return texts.every((text, ahead) => {
      const token = this.peek(ahead);
      return (token.kind === "word" || token.kind === "symbol") && token.text === text;
    });
  }

  seesOneOf(texts: ReadonlySet<string>): boolean {
    const token = this.peek();
    return (token.kind === "word" || token.kind === "symbol") && texts.has(token.text);
  }

  accept(...texts: readonly string[]): boolean {
    if (!this.sees(...texts)) return false;
    this.#next += texts.length;
    return true;
  }

  expect(...texts: readonly string[]): void {
    for (const text of texts) {
      if (!this.accept(text)) throw this.refusal();
    }
  }

  identifier(): string {
    const token = this.next();
    if (token.kind === "word" || token.kind === "quoted") return token.text;
    throw refuse(token, this.source);
  }

  /** `a`, `a.b`, `a.b.c`: the parts of a name. */
  path(): readonly string[] {
    const parts = [this.identifier()];
    while (this.accept(".")) parts.push(this.identifier());
    return parts;
  }

  text(): string {
    const token = this.next();
    if (token.kind === "string") return token.text;
    throw refuse(token, this.source);
  }

  integer(): number {
    const token = this.next();
    if (token.kind === "number" && /^\d{1,15}$/.test(token.text)) return Number(token.text);
    throw refuse(token, this.source);
  }

  /** Reads the same tokens for each of the items. */
  repeated<T, R>(items: readonly T[], read: (item: T) => R): readonly R[] {
    const start = this.#next;
    return items.map((item) => {
      this.#next = start;
      return read(item);
    });
  }

  /** Comma-separated things. */
  list<T>(item: () => T): readonly T[] {
    const items = [item()];
    while (this.accept(",")) items.push(item());
    return items;
  }

  parenthesized<T>(inside: () => T): T {
    this.expect("(");
    const result = inside();
    this.expect(")");
    return result;
  }

  /** The statement ends here. A second one is refused by number: that is Snowflake's guard against injection. */
  end(): void {
    const semicolon = this.accept(";");
    if (this.peek().kind === "end") return;
    if (!semicolon) throw this.refusal();
    throw new SnowflakeError(
      "000008",
      "0A000",
      "Actual statement count 2 did not match the desired statement count 1.",
    );
  }

  refusal(): SnowflakeError {
    return refuse(this.peek(), this.source);
  }
}

function refuse(token: Token, source: string): SnowflakeError {
  return unexpected(source.slice(token.start, token.end), token.start);
}
