import { plainText, sortedBy } from "./plain-values.js";

/** What a text tells, whatever its layout and the order of what is independent. */
export interface TextFacts {
  /** What is said of each resource while the run goes on: mark, type, name, status and remark. */
  readonly rows: readonly string[];
  /** What stands in the tree of `--diff`: each resource with its lines. */
  readonly tree: readonly string[];
  /** Each line of a message, after the resource that it is about. */
  readonly messages: readonly string[];
  readonly outputs: readonly string[];
  readonly counts: readonly string[];
  /** Titles, and what comes after all. */
  readonly rest: readonly string[];
}

/** An `up` may hold two parts: what it shows as a preview, and what it does. */
export function readText(stdout: string, stderr: string): readonly TextFacts[] {
  const parts = plain(stdout).split(/^(?=\w+(?: \w+)? \(\w+\):$)/m);
  // A command that refuses to begin may have put its title first.
  return parts.map((part) => readPart(part, stderr)).filter(({ counts }) => counts.length > 0);
}

function readPart(text: string, stderr: string): TextFacts {
  const [progress = "", ...sections] = text.split(/^(Diagnostics|Outputs|Resources):\n/m);
  const bodyOf = (title: string): string => sections[sections.indexOf(title) + 1] ?? "";
  const [counts = "", ...after] = (sections.includes("Resources") ? bodyOf("Resources") : "").split(
    /\n(?=\S|$)/,
  );
  const { tree, outputs: treeOutputs } = readTree(progress);
  const messages = sections.includes("Diagnostics") ? readMessages(bodyOf("Diagnostics")) : [];
  const outputs = sections.includes("Outputs") ? bodyOf("Outputs") : treeOutputs;
  return {
    rows: tree.length > 0 ? [] : readRows(progress),
    tree,
    // The CLI writes the messages that belong to no row to the other stream.
    messages: sortedBy(
      tree.length > 0 ? [...messages.map(withoutPlace), ...linesOf(plain(stderr))] : messages,
      String,
    ),
    // A tree may show them twice.
    outputs: sortedBy([...new Set(linesOf(outputs))], String),
    counts: linesOf(counts),
    rest: linesOf([...progress.split("\n").filter(isTitle), ...after].join("\n")).filter(
      (line) => !line.includes("pulumi stack rm"),
    ),
  };
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  const uncoloured = text.replace(/\u001b\[\d*m/g, "");
  return plainText(uncoloured)
    .replace(/ ?\((\d+(\.\d+)?m?s|<duration>)\)/g, "")
    .replace(/Duration: \S+/g, "Duration")
    .replace(/(?<=^The resources in the stack have been deleted), .*/m, "")
    .replace(/\(node:(\d+|<pid>)\)/g, "(node)");
}

function linesOf(text: string): readonly string[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !isFrame(line));
  const told = lines.filter((line) => !line.startsWith("@ "));
  return told.map((line) => line.trim().replace(/\s+/g, " ").replace(" :", ":"));
}

/** A message without colours, without places of the machine, and without Node's frames. */
export function plainMessage(text: string): string {
  const lines = plain(text).split("\n");
  return lines.filter((line) => !isFrame(line)).join("\n");
}

/** Where Node says which functions called which; that is not the engine's. */
function isFrame(line: string): boolean {
  return /^\s+at .*[\d>)\]]$/.test(line);
}

function isTitle(line: string): boolean {
  return /^[A-Z^]/.test(line);
}

function readRows(progress: string): readonly string[] {
  const rows = progress
    .split("\n")
    .filter((line) => /^ (\+ |~ |- |\+-|\+\+|--|= | {2}) \S+:/.test(line));
  const ofStack = rows.filter((row) => row.includes("pulumi:pulumi:Stack"));
  // While the run goes on, the stack's rows only repeat the messages.
  const passing = new Set(ofStack.slice(0, -1).filter((row) => row.trim().split(/\s+/).length > 4));
  const told = rows.filter((row) => !passing.has(row));
  // The stack has one row or two at the end: what became of it, and how much was said of it.
  const apart = told.flatMap((row) =>
    row.includes("pulumi:pulumi:Stack") ? row.split(/ (?=\d+ (?:error|warning|message))/) : [row],
  );
  return sortedBy(
    [...new Set(apart.flatMap(linesOf))].filter((row) => !isBare(row)),
    String,
  );
}

function isBare(row: string): boolean {
  return /^pulumi:pulumi:Stack \S+( running)?$/.test(row);
}

/** The blocks of a tree: each resource with its lines, and the stack's outputs wherever they stand. */
function readTree(text: string): { readonly tree: readonly string[]; readonly outputs: string } {
  const blocks: string[][] = [];
  const outputs: string[] = [];
  let isInOutputs = false;
  for (const line of text.split("\n")) {
    const isHead = /^ *(\+-|[-+~=>] )? *\S+:\S+: \([a-z-]+\)/.test(line);
    isInOutputs = !isHead && (isInOutputs || line.trim() === "--outputs:--");
    if (isHead) blocks.push([line]);
    else if (isInOutputs) outputs.push(line);
    else if (/^ /.test(line)) blocks.at(-1)?.push(line);
  }
  const shown = blocks.map(([head = "", ...lines]) => [
    ...linesOf(head),
    ...sortedBy(lines.flatMap(linesOf), String),
  ]);
  return {
    tree: sortedBy(shown, String).map((lines) => lines.join("\n")),
    outputs: outputs.filter((line) => line.trim() !== "--outputs:--").join("\n"),
  };
}

function readMessages(text: string): readonly string[] {
  let place = "";
  return text.split("\n").flatMap((line) => {
    const [, type, name] = /^ {2}(\S+) \((\S+)\):$/.exec(line) ?? [];
    if (type !== undefined) place = `${type} ${name}`;
    const told = linesOf(line).filter((each) => !isAdvice(each));
    return type === undefined ? told.map((each) => `${place}: ${each}`) : [];
  });
}

/** What to do about operations that were cut off is told by each engine in words of its own. */
function isAdvice(line: string): boolean {
  return /^(Nobody knows whether|These resources are in an unknown state|Once you have confirmed|Note that `pulumi)/.test(
    line,
  );
}

function withoutPlace(message: string): string {
  return message.replace(/^\S+ \S+: /, "");
}
