/**
 * Where a step did not begin with what the step before it had left: the state file it began with, or "" if
 * there was none.
 */
export function startOf(scenario: string, file: string): string | undefined {
  if (scenario === "20-minimal-state") return `${file.split(".")[0]}.written.json`;
  return starts[scenario]?.find(([steps]) => steps.test(file))?.[1];
}

const first = "0-start.state.json";

const starts: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  "05-delete": [[/^1-/, first]],
  "07-partial": [
    [/^[34]-(refresh|next)/, "1-create-partial.up.state.json"],
    [/^(8|9|10|12|13)-/, "6-update-partial.up.state.json"],
  ],
  "08-refresh": [
    [/^1-drift.preview/, "2-up-after-drift.up.state.json"],
    [/^3-/, "1-drift.refresh.state.json"],
    [/^(4|6|8|10|11|13|14|15|16)-/, first],
  ],
  "09-destroy": [
    [/^(1-protected.preview|3|4|5-protect-off)/, first],
    [/^(5|6)-/, "5-protect-off.up.state.json"],
  ],
  "10-secrets": [[/^6-/, "2-unchanged.up.state.json"]],
  "12-options": [[/^/, first]],
  "13-import": [
    [/^(1|2|7|8)-/, ""],
    [/^(5|6)-/, "2-import.import.state.json"],
  ],
  "14-logs": [[/^/, first]],
  "16-concurrency": [[/^[23]-/, ""]],
  "17-signals": [
    [/^(3|4|5|7|8|14)-/, first],
    [/^13-/, "8-sigkill.up.state.json"],
    [/^18-/, "16-pending-create.refresh.state.json"],
    [/^16-/, "14-sigkill-in-create.up.state.json"],
  ],
  "18-hooks": [
    [/^1[01]-/, ""],
    [/^(3-beforeUpdate-throws\.|4-afterUpdate-throws\.|[5679]-)/, "1-create.up.state.json"],
  ],
  "19-check-and-diff-failures": [[/^/, first]],
};
