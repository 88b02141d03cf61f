import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import {
  assignState,
  type Block,
  checkInteger,
  checkObject,
  checkOptions,
  type OptionNames,
  refuse,
  scope,
  snapshot,
  type StateDict,
  ValueError,
} from "@tfblocks/tensor-utils";
import { checkMethods } from "./checks.js";
import type { Optimizer } from "./optimizer.js";

/** The position of a training run. */
export interface TrainingPosition {
  /** Number of steps so far. */
  readonly step: number;
  /** Number of batches so far, which is the index of the next one. */
  readonly batch: number;
  /** The seed of the run; each batch derives its own seed from it. */
  readonly seed: number;
}

/** Everything that a run needs to resume: named tensors and text, as in a safetensors file. Its holder disposes the tensors. */
export interface Checkpoint {
  /** The state dicts of model and optimizer, under names that start with `model.` and `optimizer.`. */
  readonly state: StateDict;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The model and optimizer of a checkpoint. */
export interface CheckpointParts {
  readonly model: Pick<Block, "parameters">;
  readonly optimizer: Pick<Optimizer, "stateDict" | "loadStateDict">;
}

const partNames: OptionNames<CheckpointParts> = { model: true, optimizer: true };
const positionNames: OptionNames<TrainingPosition> = { step: true, batch: true, seed: true };
const key = "tfblocks.training";

/**
 * A snapshot of a training run; later steps do not change it.
 *
 * @throws ValueError when a number of the position is not an integer >= 0, or a name is unknown
 * @throws DisposedError when a parameter was disposed
 */
export function saveCheckpoint(parts: CheckpointParts, position: TrainingPosition): Checkpoint {
  const { model, optimizer } = checkOptions("saveCheckpoint", parts, partNames, "part");
  const { step, batch, seed } = checkPosition("saveCheckpoint", position);
  const state = scope(() => ({ ...prefixed("model.", snapshot(model.parameters())), ...prefixed("optimizer.", optimizer.stateDict()) }));
  return { state, metadata: { [key]: JSON.stringify({ version: 1, step, batch, seed }) } };
}

/**
 * Sets model and optimizer from a checkpoint: both or, if anything is wrong, neither. The tensors are
 * borrowed.
 *
 * @returns the position of the run
 * @throws ValueError when the metadata does not belong to a checkpoint of this version, or a name is unknown
 * @throws StateDictError, ShapeError, DTypeError, DisposedError when the tensors do not fit
 */
export function loadCheckpoint(parts: CheckpointParts, checkpoint: Checkpoint): TrainingPosition {
  const { model, optimizer } = checkOptions("loadCheckpoint", parts, partNames, "part");
  const { state, position } = readCheckpoint("loadCheckpoint", checkpoint);
  const parameters = model.parameters();
  const before = snapshot(parameters);
  try {
    assignState("loadCheckpoint", parameters, unprefixed("model.", state));
    optimizer.loadStateDict(unprefixed("optimizer.", state), parameters);
  } catch (error) {
    assignState("loadCheckpoint", parameters, before);
    throw error;
  } finally {
    dispose(before);
  }
  return position;
}

/**
 * Sets a model from a checkpoint, without an optimizer: to evaluate the model, or to generate text. A training that is to be
 * resumed needs {@link loadCheckpoint}. The tensors are borrowed.
 *
 * @returns the position of the run
 * @throws ValueError when the metadata does not belong to a checkpoint of this version
 * @throws StateDictError, ShapeError, DTypeError, DisposedError when the tensors do not fit; the model then keeps its values
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { dispose, setBackend } from "@tensorflow/tfjs-core";
 * import { Linear } from "@tfblocks/tensor-utils";
 * import { AdamW, loadCheckpointModel, safetensorsFormat, saveCheckpoint } from "@tfblocks/training";
 *
 * await setBackend("cpu");
 * const model = new Linear({ inFeatures: 3, outFeatures: 2 });
 * const bytes = await safetensorsFormat.write(saveCheckpoint({ model, optimizer: new AdamW() }, { step: 1, batch: 1, seed: 0 }));
 * const checkpoint = await safetensorsFormat.read(bytes); // usually of a `CheckpointStore`
 * loadCheckpointModel(new Linear({ inFeatures: 3, outFeatures: 2 }), checkpoint);
 * dispose(checkpoint.state);
 * ```
 */
export function loadCheckpointModel(model: Pick<Block, "parameters">, checkpoint: Checkpoint): TrainingPosition {
  const operation = "loadCheckpointModel";
  checkMethods(operation, "model", model, ["parameters"]);
  const { state, position } = readCheckpoint(operation, checkpoint);
  assignState(operation, model.parameters(), unprefixed("model.", state));
  return position;
}

function readCheckpoint(operation: string, checkpoint: Checkpoint): { readonly state: StateDict; readonly position: TrainingPosition } {
  const { metadata, state } = checkObject(operation, "checkpoint", checkpoint);
  checkObject(operation, "state", state);
  return { state, position: readPosition(operation, checkObject(operation, "metadata", metadata)[key]) };
}

function readPosition(operation: string, text: string | undefined): TrainingPosition {
  const expected = `an object with the position of a checkpoint of version 1 under "${key}"`;
  const { version, ...position } = parsed(text) as TrainingPosition & { version?: number };
  if (version === 1) return checkPosition(operation, position);
  return refuse(ValueError, operation, "metadata", expected, text ?? "none", "save the checkpoint with this version of tfblocks");
}

function parsed(text: string | undefined): object {
  try {
    return Object(JSON.parse(text ?? "{}")) as object;
  } catch {
    return {};
  }
}

function checkPosition(operation: string, position: TrainingPosition): TrainingPosition {
  const { step, batch, seed } = checkOptions(operation, position, positionNames, "position name");
  for (const [name, value] of Object.entries({ step, batch, seed })) checkInteger(operation, name, value, 0);
  return { step, batch, seed };
}

function prefixed(prefix: string, state: StateDict): StateDict {
  return Object.fromEntries(Object.entries(state).map(([name, tensor]) => [prefix + name, tensor]));
}

function unprefixed(prefix: string, state: StateDict): StateDict {
  const entries = Object.entries(state).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, tensor]): [string, Tensor] => [name.slice(prefix.length), tensor]));
}
