import type { Finding, Rule, Status, Verdict } from "../domain/verdict.js";

/** The verdicts as a SARIF 2.1.0 document, for code scanning: one result for each finding, at its file and line. */
export function sarifOf(verdicts: readonly Verdict[], root: string, release: string): unknown {
  const results = verdicts.flatMap(({ status, label, findings }) =>
    findings.map((finding) => resultOf(finding, status, label, root)),
  );
  const rules = [...new Set(results.map(({ ruleId }) => ruleId))].map((id) => ({ id }));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "dadosfera migrations verify", version: release, rules } },
        results,
      },
    ],
  };
}

function resultOf(
  { rule, words, file, line }: Finding,
  status: Status,
  label: string,
  root: string,
) {
  const uri = file === undefined ? undefined : encodeURI(root === "" ? file : `${root}/${file}`);
  const region = line === undefined ? {} : { region: { startLine: line } };
  return {
    ruleId: rule,
    level: levelOf(rule, status),
    message: { text: `${label}: ${words}` },
    ...(uri !== undefined && {
      locations: [{ physicalLocation: { artifactLocation: { uri }, ...region } }],
    }),
  };
}

const NOTES: ReadonlySet<Rule> = new Set<Rule>(["rows-refused", "position-differs"]);

function levelOf(rule: Rule, status: Status): "error" | "warning" | "note" {
  if (NOTES.has(rule)) return "note";
  return status === "broken" ? "error" : "warning";
}
