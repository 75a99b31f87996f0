import { invalid, type Problem, type Refusal } from "./answers.js";

type Fields = Readonly<Record<string, unknown>>;
type Location = readonly (string | number)[];

/** Reads an untrusted body field by field, and gathers every problem for one 422. */
export class BodyReader {
  readonly #fields: Fields;
  readonly #location: Location;
  readonly #problems: Problem[];

  constructor(body: unknown, location: Location = ["body"], problems: Problem[] = []) {
    this.#problems = problems;
    this.#location = location;
    this.#fields = isRecord(body) ? body : {};
    if (!isRecord(body)) this.problem([], "value is not a valid dict", "type_error.dict");
  }

  get fields(): Fields {
    return this.#fields;
  }

  /** Throws the 422, or the operation's own refusal, if anything was wrong. */
  finish(refuse: (problems: readonly Problem[]) => Refusal = invalid): void {
    if (this.#problems.length > 0) throw refuse(this.#problems);
  }

  problem(name: string | Location, msg: string, type = "value_error"): void {
    this.#problems.push({ loc: [...this.#location, ...[name].flat()], msg, type });
  }

  text(name: string): string {
    const value = this.#required(name);
    if (typeof value === "string" && value !== "") return value;
    if (value !== undefined) this.problem(name, "str type expected", "type_error.str");
    return "";
  }

  /** A text, or null; undefined stands for a missing field. */
  nullableText(name: string): string | null | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null || typeof value === "string") return value;
    this.problem(name, "str type expected", "type_error.str");
    return undefined;
  }

  /** A text, or nothing; null is no text. */
  optionalText(name: string): string | undefined {
    const value = this.nullableText(name);
    if (value === null) this.problem(name, "none is not an allowed value", "type_error.none");
    return value ?? undefined;
  }

  optionalFlag(name: string): void {
    const value = this.#fields[name];
    if (value === undefined || typeof value === "boolean") return;
    this.problem(name, "value could not be parsed to a boolean", "type_error.bool");
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#required(name);
    const choice = choices.find((one) => one === value);
    if (choice === undefined && value !== undefined) {
      this.problem(name, `unexpected value; permitted: ${choices.join(", ")}`, "type_error.enum");
    }
    return choice;
  }

  /** An object, or null, or nothing: what it holds is not looked at. */
  opaque(name: string): void {
    const value = this.#fields[name];
    if (value === undefined || value === null || isRecord(value)) return;
    this.problem(name, "value is not a valid dict", "type_error.dict");
  }

  /** A list of texts; undefined and null are left to the caller. */
  texts(name: string): readonly string[] | null | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return value;
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
    this.problem(name, "list of str expected", "type_error.list");
    return undefined;
  }

  /** A list of texts, or nothing; null is no list. */
  optionalTexts(name: string): readonly string[] | undefined {
    const value = this.texts(name);
    if (value === null) this.problem(name, "none is not an allowed value", "type_error.none");
    return value ?? undefined;
  }

  integer(name: string): number {
    const value = this.#required(name);
    if (Number.isInteger(value)) return Number(value);
    if (value !== undefined)
      this.problem(name, "value is not a valid integer", "type_error.integer");
    return 0;
  }

  within(name: string): BodyReader {
    return new BodyReader(this.#fields[name], [...this.#location, name], this.#problems);
  }

  /** A reader for each element of a list. */
  each(name: string): readonly BodyReader[] {
    const value = this.#required(name);
    if (!Array.isArray(value)) {
      if (value !== undefined) this.problem(name, "value is not a valid list", "type_error.list");
      return [];
    }
    return value.map(
      (one, index) => new BodyReader(one, [...this.#location, name, index], this.#problems),
    );
  }

  #required(name: string): unknown {
    const value = this.#fields[name];
    if (value !== undefined && value !== null) return value;
    this.problem(name, "field required", "value_error.missing");
    return undefined;
  }
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
