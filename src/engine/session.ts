import { type Backend, openBackend } from "./backend.js";
import {
  type Checkpoint,
  decryptDeployment,
  parseStateFile,
  type StoredDeployment,
  stateFileFormat,
} from "./checkpoint.js";
import { refuseFeature } from "./engine-error.js";
import { type Project, readProject } from "./project.js";
import { providerType } from "./resource-state.js";
import { createSecretsKeeper, type SecretsKeeper } from "./secrets.js";
import { Snapshot } from "./snapshot.js";
import {
  openConfig,
  readStackFile,
  type StackConfig,
  writeEncryptionSalt,
} from "./stack-config.js";

/** Where a stack is and what it is made from. */
export interface StackLocation {
  /** The folder of Pulumi.yaml. */
  readonly cwd: string;
  readonly stack: string;
  /** `key=value` texts that go before the stack's own configuration. */
  readonly config?: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** A stack, opened: its project, its configuration and its state. */
export interface Session {
  readonly project: Project;
  readonly stack: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly backend: Backend;
  readonly keeper: SecretsKeeper;
  readonly readConfig: () => Promise<StackConfig>;
  readonly readCheckpoint: () => Promise<Checkpoint>;
  /** A snapshot that begins with `loaded`; in a preview it is never written. */
  readonly beginSnapshot: (loaded: Checkpoint, isPreview: boolean) => Snapshot;
}

/** Opens a stack; one without a state file is a new, empty one. */
export function openSession(location: StackLocation): Session {
  const { stack, environment } = location;
  const project = readProject(location.cwd);
  const file = readStackFile(project, stack);
  // The default is what `pulumi login file://.` gives in the program's folder.
  const url = environment["PULUMI_BACKEND_URL"] || `file://${project.root}`;
  const backend = openBackend(url, project.name, stack);
  const text = backend.read();
  const stored = text === undefined ? {} : parseStateFile(text, backend.path);
  refuseUnsupported(stored);
  const storedSalt = stored.secrets_providers?.state?.salt;
  const keeper = createSecretsKeeper({
    passphrase: environment["PULUMI_CONFIG_PASSPHRASE"],
    salt: file.encryptionSalt ?? storedSalt,
  });
  let knownSalt = file.encryptionSalt;
  const format = stateFileFormat(`organization/${project.name}/${stack}`, keeper);
  const save = async (checkpoint: Checkpoint): Promise<void> => {
    backend.write(await format(checkpoint));
    const salt = keeper.salt();
    if (salt === knownSalt || salt === undefined) return;
    writeEncryptionSalt(file.path, salt);
    knownSalt = salt;
  };
  return {
    project,
    stack,
    environment,
    backend,
    keeper,
    readConfig: () => openConfig({ project, file, overrides: location.config ?? [], keeper }),
    readCheckpoint: async () => {
      const now = backend.read();
      return decryptDeployment(now === undefined ? {} : parseStateFile(now, backend.path), keeper);
    },
    beginSnapshot: (loaded, isPreview) =>
      new Snapshot(loaded, isPreview ? () => Promise.resolve() : save),
  };
}

function refuseUnsupported({ resources = [] }: StoredDeployment): void {
  for (const state of resources) {
    const isProvider = state.type.startsWith("pulumi:providers:");
    const isDefault = state.type === providerType && state.urn.endsWith("::default");
    if (isProvider && !isDefault)
      throw refuseFeature(`providers other than the one for dynamic resources (${state.urn})`);
    if ("resourceHooks" in state) throw refuseFeature(`resource hooks (${state.urn})`);
    if ("external" in state && state.external)
      throw refuseFeature(`resources that it does not manage (${state.urn})`);
  }
}
