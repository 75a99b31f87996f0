import { styleText } from "node:util";
import { lineDiff } from "./line-diff.js";
import { type Row, tableText } from "./table-text.js";

/** What the demo says. Colours appear on a terminal only. */
export const narration = {
  heading(text: string): void {
    print("", styleText("bold", text), "");
  },

  text(...lines: readonly string[]): void {
    print(...lines);
  },

  command(line: string): void {
    print("", styleText("cyan", `$ ${line}`));
  },

  table(name: string, rows: readonly Row[]): void {
    print("", `${name}, ${rows.length} ${rows.length === 1 ? "row" : "rows"}:`);
    print(...tableText(rows).map((line) => `  ${line}`), "");
  },

  program(text: string): void {
    print(
      "",
      ...text
        .trimEnd()
        .split("\n")
        .map((line) => `  ${line}`),
    );
  },

  edit(file: string, { before, after }: { readonly before: string; readonly after: string }): void {
    print(`${file}:`, "");
    for (const line of lineDiff(before, after)) {
      const colour = { "-": "red", "+": "green" } as const;
      const mark = line.startsWith("-") ? "-" : line.startsWith("+") ? "+" : undefined;
      print(`  ${mark === undefined ? line : styleText(colour[mark], line)}`);
    }
  },

  /** Says that something is true, after `check` has found that it is. */
  claim(sentence: string, check: () => void): void {
    try {
      check();
    } catch (cause) {
      throw new FalseClaim(sentence, { cause });
    }
    print(styleText("green", `✓ ${sentence}`));
  },
};

/** A claim of the demo did not hold; its cause says how. */
export class FalseClaim extends Error {
  constructor(sentence: string, options: ErrorOptions) {
    super(`Not true: ${sentence}`, options);
  }
}

/** Never two empty lines in a row, whoever wanted one. */
function print(...lines: readonly string[]): void {
  for (const line of lines.map((each) => each.trimEnd())) {
    if (line !== "" || lastLine !== "") process.stdout.write(`${line}\n`);
    lastLine = line;
  }
}

let lastLine = "";
