import { createRequire } from "node:module";
import type * as GrpcModule from "@grpc/grpc-js";
import type * as EmptyModule from "google-protobuf/google/protobuf/empty_pb.js";
import type * as StructModule from "google-protobuf/google/protobuf/struct_pb.js";

// These packages come with @pulumi/pulumi. They are loaded from its folder, not from ours, because
// gRPC and protobuf know their own objects by class: a second copy would refuse the SDK's messages.
const requireFromSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));

export const grpc: typeof GrpcModule = requireFromSdk("@grpc/grpc-js");

export const { Struct }: typeof StructModule = requireFromSdk(
  "google-protobuf/google/protobuf/struct_pb.js",
);

export const { Empty }: typeof EmptyModule = requireFromSdk(
  "google-protobuf/google/protobuf/empty_pb.js",
);

/** Reads YAML text into plain values. Throws on text that is not YAML. */
export const parseYaml: (text: string) => unknown = requireFromSdk("js-yaml").load;
