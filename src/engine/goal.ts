import type proto from "@pulumi/pulumi/proto/resource_pb.js";
import type { PropertyMap } from "./property.js";
import type { Goal } from "./resource-state.js";

/** Reads a registration as it comes over the wire. */
export function goalOf(request: proto.RegisterResourceRequest): Goal {
  const dependencies: [string, string[]][] = [];
  request.getPropertydependenciesMap().forEach((urns, key) => {
    dependencies.push([key, [...new Set(urns.getUrnsList())]]);
  });
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    inputs: (request.getObject()?.toJavaScript() ?? {}) as PropertyMap,
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    dependencies: [...new Set(request.getDependenciesList())],
    propertyDependencies: Object.fromEntries(dependencies.sort(([a], [b]) => (a < b ? -1 : 1))),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    customTimeouts: timeoutsOf(request),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
    unsupported: unsupportedIn(request),
  };
}

function unsupportedIn(request: proto.RegisterResourceRequest): readonly string[] {
  const type = request.getType();
  const isForeign = request.getCustom() && !type.startsWith("pulumi-nodejs:dynamic");
  const found: readonly [boolean, string][] = [
    [request.getRemote(), "components from other languages"],
    [type.startsWith("pulumi:providers:"), "explicit providers"],
    [
      isForeign && !type.startsWith("pulumi:providers:"),
      `resources other than dynamic ones (${type})`,
    ],
    [
      request.getProvider() !== "" || request.getProvidersMap().getLength() > 0,
      "explicit providers",
    ],
    [request.getImportid() !== "", "import"],
    [request.getAliasesList().length > 0 || request.getAliasurnsList().length > 0, "aliases"],
    [request.getTransformsList().length > 0, "transforms"],
    [hasHooks(request), "resource hooks"],
    [request.getDeletedwith() !== "", "deletedWith"],
    [request.getReplaceWithList().length > 0, "replaceWith"],
    [request.hasReplacementTrigger(), "replacementTrigger"],
  ];
  return found.flatMap(([isAsked, feature]) => (isAsked ? [feature] : []));
}

function hasHooks(request: proto.RegisterResourceRequest): boolean {
  return Object.values(request.getHooks()?.toObject() ?? {}).some((names) => names.length > 0);
}

function timeoutsOf(request: proto.RegisterResourceRequest): Readonly<Record<string, number>> {
  const timeouts = request.getCustomtimeouts();
  const entries: readonly [string, string][] = [
    ["create", timeouts?.getCreate() ?? ""],
    ["update", timeouts?.getUpdate() ?? ""],
    ["delete", timeouts?.getDelete() ?? ""],
  ];
  return Object.fromEntries(
    entries.flatMap(([key, text]) => (text === "" ? [] : [[key, secondsOf(text)]])),
  );
}

const secondsPer: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** Reads a duration such as `1h30m`; the state keeps it in seconds. */
function secondsOf(text: string): number {
  const parts = [...text.matchAll(/([\d.]+)(ms|h|m|s)/g)];
  return parts.reduce(
    (sum, [, number, unit = "s"]) => sum + Number(number) * (secondsPer[unit] ?? 0),
    0,
  );
}
