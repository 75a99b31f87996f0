import type * as GrpcModule from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/resource_pb.js";
import { refuseFeature } from "./engine-error.js";
import { goalOf } from "./goal.js";
import type { PropertyMap } from "./property.js";
import type { Goal } from "./resource-state.js";
import { Empty, grpc, Struct } from "./sdk.js";

export interface Registered {
  readonly urn: string;
  readonly id: string;
  readonly outputs: PropertyMap;
  /** It does not exist, and nobody asked for it to be made. */
  readonly isUnknown?: boolean;
  /** It could not be brought to what the program asks for; the program is to hear that. */
  readonly hasFailed?: boolean;
}

export interface LogMessage {
  readonly severity: "debug" | "info" | "warning" | "error";
  readonly text: string;
  readonly urn: string;
  readonly isEphemeral: boolean;
}

/** What the engine does with what program and provider ask of it. */
export interface MonitorHandlers {
  readonly deployment: {
    readonly project: string;
    readonly stack: string;
    readonly isPreview: boolean;
    readonly parallel: number;
    readonly secretKeys: readonly string[];
  };
  readonly register: (goal: Goal) => Promise<Registered>;
  readonly registerOutputs: (urn: string, outputs: PropertyMap) => Promise<void>;
  /** The program has come to its end without an error. */
  readonly finish: () => Promise<void>;
  readonly refuse: (error: Error) => void;
  readonly log: (message: LogMessage) => void;
}

/** The run is over: the SDK stops without an error of its own when it is told so. */
export class MonitorClosed extends Error {}

/** Serves Pulumi's ResourceMonitor and Engine services on one loopback port. */
export async function startMonitor(
  handlers: MonitorHandlers,
): Promise<{ address: string; close: () => void }> {
  const noLimit = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
  const server = new grpc.Server(noLimit);
  const answer = answerWith(handlers.refuse);
  server.addService(ResourceMonitorService, {
    ...refusals(answer),
    getDeploymentInfo: answer(async () => deploymentInfo(handlers.deployment)),
    supportsFeature: answer(async (request: proto.SupportsFeatureRequest) =>
      new proto.SupportsFeatureResponse().setHassupport(featureNames.has(request.getId())),
    ),
    registerResource: answer(async (request: proto.RegisterResourceRequest) => {
      const { urn, id, outputs, isUnknown, hasFailed } = await handlers.register(goalOf(request));
      const object = Struct.fromJavaScript({ ...outputs });
      const response = new proto.RegisterResourceResponse().setUrn(urn).setId(id).setObject(object);
      if (hasFailed) response.setResult(proto.Result.FAIL);
      return response.setUnknown(isUnknown ?? false);
    }),
    registerResourceOutputs: answer(async (request: proto.RegisterResourceOutputsRequest) => {
      const outputs = (request.getOutputs()?.toJavaScript() ?? {}) as PropertyMap;
      await handlers.registerOutputs(request.getUrn(), outputs);
      return new Empty();
    }),
    signalAndWaitForShutdown: answer(async () => {
      await handlers.finish();
      return new Empty();
    }),
  });
  server.addService(EngineService, engineService(answer, handlers));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

const features = proto.ResourceMonitorFeature;
const supported = [
  features.RESOURCE_MONITOR_FEATURE_SECRETS,
  features.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  features.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  // Named although refused: so the refusal is this engine's, in plain words, and not the SDK's.
  features.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
  features.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
  features.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
  features.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
];
const featureNames = new Set([
  "secrets",
  "aliasSpecs",
  "deletedWith",
  "transforms",
  "invokeTransforms",
  "resourceHooks",
  "errorHooks",
]);

function deploymentInfo(deployment: MonitorHandlers["deployment"]) {
  return new proto.DeploymentInfo()
    .setProject(deployment.project)
    .setStack(deployment.stack)
    .setOrganization("organization")
    .setDryrun(deployment.isPreview)
    .setParallel(deployment.parallel)
    .setConfigsecretkeysList([...deployment.secretKeys])
    .setSupportedfeaturesList(supported);
}

function refusals(answer: Answer) {
  const refused: Readonly<Record<string, string>> = {
    invoke: "function calls to a provider (invoke)",
    call: "method calls on a component (call)",
    readResource: "reading a resource that it does not manage (get)",
    existsResource: "asking for a resource that it does not manage (exists)",
    registerStackTransform: "transforms",
    registerStackInvokeTransform: "invoke transforms",
    registerResourceHook: "resource hooks",
    registerErrorHook: "error hooks",
    registerPackage: "parameterised packages",
  };
  const refusing = (feature: string) => answer(() => Promise.reject(refuseFeature(feature)));
  return Object.fromEntries(
    Object.entries(refused).map(([method, feature]) => [method, refusing(feature)]),
  );
}

function engineService(answer: Answer, { log }: MonitorHandlers) {
  let root = "";
  const severities = ["debug", "info", "warning", "error"] as const;
  return {
    log: answer(async (request: engineProto.LogRequest) => {
      log({
        severity: severities[request.getSeverity()] ?? "info",
        text: request.getMessage(),
        urn: request.getUrn(),
        isEphemeral: request.getEphemeral(),
      });
      return new Empty();
    }),
    setRootResource: answer(async (request: engineProto.SetRootResourceRequest) => {
      root = request.getUrn();
      return new engineProto.SetRootResourceResponse();
    }),
    getRootResource: answer(async () => new engineProto.GetRootResourceResponse().setUrn(root)),
    startDebugging: answer(async () => new Empty()),
    requirePulumiVersion: answer(async () => new engineProto.RequirePulumiVersionResponse()),
  };
}

type Answer = <Request, Response>(
  work: (request: Request) => Promise<Response>,
) => GrpcModule.handleUnaryCall<Request, Response>;

/** One method of a service. Every failure ends the run, and is told to the SDK as no more than that. */
function answerWith(refuse: MonitorHandlers["refuse"]): Answer {
  return (work) => (call, callback) => {
    work(call.request).then(
      (response) => callback(null, response),
      (error: Error) => {
        if (!(error instanceof MonitorClosed)) refuse(error);
        callback({ code: grpc.status.UNAVAILABLE, details: error.message });
      },
    );
  };
}
