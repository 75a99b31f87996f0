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

function isShown({ operation, new: next, old, changed }: Step): boolean {
  if (operation === "same") return (next ?? old)?.type === stackType || changed !== "";
  return marks[operation] !== undefined;
}

function formatStep(step: Step, depth: number): readonly string[] {
  const outer = "    ".repeat(depth);
  const inner = `${outer}    `;
  const state = step.new ?? step.old;
  const id = step.old?.id;
  return [
    `${outer}${marks[step.operation]}${state?.type ?? nameOf(step.urn)}: (${step.operation})${lockOf(step)}\n`,
    ...(id === undefined ? [] : [`${inner}[id=${id}]\n`]),
    `${inner}[urn=${step.urn}]\n`,
    ...linesOf(step, inner).map((line) => `${line}\n`),
  ];
}

function lockOf({ old, new: next }: Step): string {
  if (old === undefined || next === undefined || old.protect === next.protect) return "";
  return next.protect ? " \u{1f512}" : " \u{1f513}";
}

function linesOf(
  { operation, old, new: next, isFinding }: Step,
  indent: string,
): readonly string[] {
  if (operation === "same") return [];
  const of = (state: ResourceState | undefined, areOutputs = isFinding) =>
    (areOutputs ? state?.outputs : state?.inputs) ?? {};
  if (old === undefined || next === undefined) return formatProperties(of(next ?? old), indent);
  // What is known of the outputs goes before the inputs: so Pulumi shows a replacement, and a refresh.
  const hasOutputs = isFinding || Object.keys(next.outputs ?? {}).length > 0;
  return formatChanges(of(old, hasOutputs), of(next, hasOutputs), { indent });
}
