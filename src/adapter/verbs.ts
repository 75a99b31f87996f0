import type { dynamic } from "@pulumi/pulumi";
import type { z } from "zod";
import { DadosferaError, isDadosferaError, type Trouble } from "../domain/errors.js";
import type { Context } from "../lifecycle/context.js";
import { HalfMade } from "../lifecycle/half-made.js";
import type { FileLifecycle, Lifecycle } from "../lifecycle/lifecycle.js";
import { holdsUnknown, isUnknownAt } from "./unknowns.js";

/** One resource's life, with the schemas of what crosses the wire. */
export interface Described<News, Inputs, Outputs> {
  readonly lifecycle: Lifecycle<News, Inputs, Outputs> | FileLifecycle<News, Inputs, Outputs>;
  readonly news: z.ZodType<News>;
  readonly inputs: z.ZodType<Inputs>;
  readonly outputs: z.ZodType<Outputs>;
  /** Fills a context for the resource; called by the verbs that may ask outside. */
  readonly contextOf: (urn: string) => Promise<Context>;
  /** Begins, without waiting, what the first `diff` will want to know. */
  readonly lookAhead: () => void;
  /** Waits until all that was logged has reached the engine. */
  readonly flush: () => Promise<void>;
  /** Takes every credential out of a text. */
  readonly withhold: (text: string) => string;
}

type Props = Readonly<Record<string, unknown>>;

/** Pulumi's verbs around a lifecycle: values parsed on the way in, plain JSON and fresh errors on the way out. */
export function verbsOf<News, Inputs, Outputs>(
  described: Described<News, Inputs, Outputs>,
): dynamic.ResourceProvider {
  const { lifecycle, contextOf } = described;
  // In a refresh Pulumi calls `diff` with what it has just read, to decide what it displays, and never `check`.
  const planned = new Set<string>();
  const inputsOf = (props: Props) => parse(described.inputs, props);
  const outputsOf = (props: Props) => parse(described.outputs, props);
  const guard =
    <Args extends readonly unknown[], T>(work: (...args: Args) => Promise<T>) =>
    async (...args: Args) => {
      try {
        return clean(await work(...args));
      } catch (error) {
        throw fresh(error, args.at(-1) as Props, described.withhold);
      } finally {
        await described.flush();
      }
    };
  return {
    check: guard(async (olds: Props, news: Props) => {
      planned.add(urnOf(news));
      return check(described, olds, news);
    }),
    diff: guard(async (_id: string, olds: Props, news: Props) => {
      if (holdsUnknown(withoutProvider(news))) return { changes: true };
      const context = await contextOf(urnOf(news));
      const [before, after] = [outputsOf(olds), inputsOf(news)];
      const changes = await lifecycle.diff(before, after, context);
      if (changes && planned.has(urnOf(news))) await lifecycle.show?.(before, after, context);
      return { changes };
    }),
    create: guard(async (news: Props) => {
      const { id, outputs } = await lifecycle.create(inputsOf(news), await contextOf(urnOf(news)));
      return { id: String(id), outs: outputs };
    }),
    read: guard(async (id: string, props: Props) => {
      const found = await lifecycle.read(outputsOf(props), await contextOf(urnOf(props)));
      return found === undefined ? {} : { id, props: found.outputs, inputs: found.inputs };
    }),
    update: guard(async (_id: string, olds: Props, news: Props) => {
      const outs = await lifecycle.update(
        outputsOf(olds),
        inputsOf(news),
        await contextOf(urnOf(news)),
      );
      return { outs };
    }),
    delete: guard(async (_id: string, props: Props) => {
      await lifecycle.delete(outputsOf(props), await contextOf(urnOf(props)));
    }),
  } as dynamic.ResourceProvider;
}

/** Says everything that is wrong at once. What is not known yet is let through, and checked when it is. */
async function check<News, Inputs, Outputs>(
  { lifecycle, news: schema, inputs, lookAhead, contextOf }: Described<News, Inputs, Outputs>,
  olds: Props,
  news: Props,
) {
  const given = withoutProvider(news);
  const parsed = schema.safeParse(given);
  const problems = (parsed.error?.issues ?? []).filter((issue) => !isUnknownAt(given, issue.path));
  if (problems.length > 0)
    return { inputs: given, failures: problems.map((issue) => failure(schemaTrouble(issue))) };
  if (!parsed.success || holdsUnknown(given)) return { inputs: given, failures: [] };
  const before = Object.keys(withoutProvider(olds)).length === 0 ? undefined : parse(inputs, olds);
  if (before !== undefined) lookAhead();
  const checked =
    "checkFiles" in lifecycle
      ? await lifecycle.checkFiles(before, parsed.data, () => contextOf(urnOf(news)))
      : lifecycle.check(before, parsed.data);
  return { inputs: checked.inputs, failures: checked.refusals.map(failure) };
}

/** Without a property Pulumi shows the reason alone; with one it would print that property's value beside it. */
function failure({ happened, now, next }: Trouble): dynamic.CheckFailure {
  return { property: "", reason: `${happened}\n${now}\n${next}` };
}

function schemaTrouble(issue: z.core.$ZodIssue): Trouble {
  const where = issue.path.map(String).join(".");
  return {
    code: "INPUT_INVALID",
    happened: `Cannot use the arguments of this resource: ${where === "" ? "" : `\`${where}\` `}${issue.message}.`,
    now: "Nothing was changed.",
    next: "Correct the program; the argument's documentation says what it takes.",
  };
}

function parse<T>(schema: z.ZodType<T>, props: Props): T {
  const parsed = schema.safeParse(withoutProvider(props));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new DadosferaError({
    code: "INPUT_INVALID",
    happened: `Cannot read this resource as the state holds it: ${issue?.path.map(String).join(".")} ${issue?.message}.`,
    now: "Nothing was changed.",
    next: "Run a version of pulumi-dadosfera that knows this state, or correct it with `pulumi state edit`.",
  });
}

function withoutProvider(props: Props): Props {
  const { __provider: _text, ...rest } = props;
  return rest;
}

function urnOf(props: Props): string {
  const origin = props["__dadosfera"];
  return typeof origin === "object" && origin !== null
    ? String(Reflect.get(origin, "urn") ?? "")
    : "";
}

/** Pulumi's wire knows JSON only, and hangs or loses a resource on anything else. */
function clean<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}

/** A plain new `Error`: the wire hangs on some fields that errors of libraries carry. */
function fresh(error: unknown, props: Props, withhold: (text: string) => string): Error {
  const known = isDadosferaError(error) ? error : unexpected(error);
  const message = withhold(known.message);
  const plain = new Error(message);
  // Pulumi's process prints text and stack of what `check`, `diff`, `read` and `delete` throw, beside the message itself.
  plain.stack = "see the message at the resource";
  plain.toString = () => `pulumi-dadosfera: ${known.code}`;
  if (!(error instanceof HalfMade)) return plain;
  const properties = clean({ ...error.outputs, __provider: props["__provider"] });
  return Object.assign(plain, { id: error.id, properties, reasons: [message] });
}

/** What no door and no rule foresaw; or a wait that was ended before anything was begun. */
function unexpected(error: unknown): DadosferaError {
  if (error instanceof Error && error.name === "AbortError") {
    return new DadosferaError({
      code: "INTERRUPTED",
      happened: "Stopped waiting: this command was interrupted.",
      now: "What was begun stands in the journal; nothing else was changed.",
      next: "Run `pulumi up` again: it goes on from there.",
    });
  }
  return new DadosferaError({
    code: "UNEXPECTED",
    happened: `Stopped at something that pulumi-dadosfera did not expect: ${error instanceof Error ? error.message : String(error)}.`,
    now: "It is not known whether anything was changed.",
    next: "Run the same command again: it looks first. If it happens again, report it to the authors of pulumi-dadosfera.",
  });
}
