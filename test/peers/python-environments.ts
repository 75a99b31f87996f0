import { existsSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../support/package-root.js";

/** Both generations of Snowflake's connector for Python: they share next to no code. */
export const CONNECTORS = ["4.8.1", "5.2.0"] as const;

export type Connector = (typeof CONNECTORS)[number];

/** Where virtual environments are kept, outside of version control. */
export const ENVIRONMENTS = join(PACKAGE_ROOT, ".peers");

export function environmentOf(connector: Connector): string {
  return join(ENVIRONMENTS, `snowflake-connector-${connector}`);
}

/** The Python of a virtual environment. */
export function pythonIn(environment: string): string {
  return join(environment, "bin", "python");
}

/** The Python that has this connector, or undefined on a machine that was not prepared. */
export function pythonOf(connector: Connector): string | undefined {
  const python = pythonIn(environmentOf(connector));
  return existsSync(python) ? python : undefined;
}
