export {
  type EmulatedHasura,
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from "./emulator/emulator.js";
export {
  type EngineStack,
  type ImportOptions,
  openStack,
  type RunOptions,
  type StackOptions,
  type StackResult,
} from "./engine/open-stack.js";
