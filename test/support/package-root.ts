import { dirname } from "node:path";

/** The folder of this package, which its tests find by its name. */
export const PACKAGE_ROOT = dirname(require.resolve("pulumi-dadosfera/package.json"));
