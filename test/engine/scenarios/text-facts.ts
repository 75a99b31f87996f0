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
  return parts.map((part) => readPart(part, stderr));
}

function readPart(text: string, stderr: string): TextFacts {
  const [progress = "", ...sections] = text.split(/^(Diagnostics|Outputs|Resources):\n/m);
  const bodyOf = (title: string): string => sections[sections.indexOf(title) + 1] ?? "";
  const [counts = "", ...after] = (sections.includes("Resources") ? bodyOf("Resources") : "").split(
    /\n(?=\S|$)/,
  );
  const [treeText = "", treeOutputs = ""] = progress.split(/^\s*--outputs:--\n/m);
  const tree = readTree(treeText);
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
    outputs: sortedBy(linesOf(outputs), String),
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
  return lines.map((line) => line.trim().replace(/\s+/g, " ").replace(" :", ":"));
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

function readTree(text: string): readonly string[] {
  const blocks: string[][] = [];
  for (const line of text.split("\n")) {
    if (/^ *(\+-|[-+~=>] )? *\S+:\S+: \([a-z-]+\)/.test(line)) blocks.push([line]);
    else if (/^ /.test(line)) blocks.at(-1)?.push(line);
  }
  const shown = blocks.map(([head = "", ...lines]) => [
    ...linesOf(head),
    ...sortedBy(lines.flatMap(linesOf), String),
  ]);
  return sortedBy(shown, String).map((lines) => lines.join("\n"));
}

function readMessages(text: string): readonly string[] {
  let place = "";
  return text.split("\n").flatMap((line) => {
    const [, type, name] = /^ {2}(\S+) \((\S+)\):$/.exec(line) ?? [];
    if (type !== undefined) place = `${type} ${name}`;
    return type === undefined ? linesOf(line).map((told) => `${place}: ${told}`) : [];
  });
}

function withoutPlace(message: string): string {
  return message.replace(/^\S+ \S+: /, "");
}
