import type { Operation } from "./events.js";

/** The `Resources:` paragraph. */
export function formatSummary(run: {
  readonly counts: ReadonlyMap<Operation, number>;
  readonly errored: number;
  readonly isPreview: boolean;
}): string {
  const kinds = counted.flatMap(([operation, mark, planned, done]) => {
    const count = run.counts.get(operation) ?? 0;
    const line = `    ${mark}${count} ${run.isPreview ? `to ${planned}` : done}\n`;
    return count === 0 ? [] : [{ count, line }];
  });
  const changes = kinds.reduce((sum, { count }) => sum + count, 0);
  const same = run.counts.get("same") ?? 0;
  const parts = [
    ...(kinds.length > 1 ? [`${changes} changes`] : []),
    ...(same > 0 ? [`${same} unchanged`] : []),
  ];
  return [
    "Resources:\n",
    ...kinds.map(({ line }) => line),
    ...(parts.length > 0 ? [`    ${parts.join(". ")}\n`] : []),
    ...(run.errored > 0 ? [`    ${run.errored} errored\n`] : []),
    "\n",
  ].join("");
}

const counted: readonly (readonly [Operation, string, string, string])[] = [
  ["create", "+ ", "create", "created"],
  ["update", "~ ", "update", "updated"],
  ["delete", "- ", "delete", "deleted"],
  ["replace", "+-", "replace", "replaced"],
  ["import", "= ", "import", "imported"],
];
