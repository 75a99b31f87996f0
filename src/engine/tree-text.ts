import type { Operation, Step } from "./events.js";
import { nameOf, type ResourceState, stackType } from "./resource-state.js";
import { formatChanges, formatProperties } from "./value-text.js";

/** The steps of a run as a tree, with all inputs: what `--diff` shows. */
export function formatTree(steps: readonly Step[], hasSames = false): string {
  const parents = new Map(steps.map(({ urn, new: next, old }) => [urn, (next ?? old)?.parent]));
  const depthOf = (urn: string): number => {
    const parent = parents.get(urn);
    return parent === undefined || parent === urn ? 0 : 1 + depthOf(parent);
  };
  const shown = steps.filter((step) => (hasSames && step.operation === "same") || isShown(step));
  return shown.flatMap((step) => formatStep(step, depthOf(step.urn))).join("");
}

const marks: Readonly<Partial<Record<Operation, string>>> = {
  create: "+ ",
  update: "~ ",
  delete: "- ",
  replace: "+-",
  same: "  ",
};

function isShown({ operation, new: next, old }: Step): boolean {
  if (operation === "same") return (next ?? old)?.type === stackType;
  return marks[operation] !== undefined;
}

function formatStep(step: Step, depth: number): readonly string[] {
  const outer = "    ".repeat(depth);
  const inner = `${outer}    `;
  const state = step.new ?? step.old;
  const id = step.old?.id;
  return [
    `${outer}${marks[step.operation]}${state?.type ?? nameOf(step.urn)}: (${step.operation})\n`,
    ...(id === undefined ? [] : [`${inner}[id=${id}]\n`]),
    `${inner}[urn=${step.urn}]\n`,
    ...linesOf(step, inner).map((line) => `${line}\n`),
  ];
}

function linesOf(
  { operation, old, new: next, isFinding }: Step,
  indent: string,
): readonly string[] {
  if (operation === "same") return [];
  const of = (state: ResourceState | undefined) =>
    (isFinding ? state?.outputs : state?.inputs) ?? {};
  if (old === undefined || next === undefined) return formatProperties(of(next ?? old), indent);
  return formatChanges(of(old), of(next), { indent });
}
