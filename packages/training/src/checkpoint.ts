import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import {
  assignState,
  type Block,
  checkInteger,
  checkObject,
  refuse,
  scope,
  snapshot,
  type StateDict,
  ValueError,
} from "@tfblocks/tensor-utils";
import type { Optimizer } from "./optimizer.js";

/** Where a run of training is, beside its tensors. */
export interface TrainingPosition {
  /** Steps taken. */
  readonly step: number;
  /** Batches used; the next one has this index. */
  readonly batch: number;
  /** The seed of the run, from which every step derives its own. */
  readonly seed: number;
}

/** All that a run needs to go on: named tensors and text, the two parts of a safetensors file. */
export interface Checkpoint {
  /** `model.` and `optimizer.` and the names of their state dicts; whoever holds it disposes its tensors. */
  readonly state: StateDict;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a checkpoint is taken of. */
export interface CheckpointParts {
  readonly model: Pick<Block, "parameters">;
  readonly optimizer: Pick<Optimizer, "stateDict" | "loadStateDict">;
}

const key = "tfblocks.training";

/**
 * A snapshot of a run of training; later steps do not change it.
 *
 * @throws ValueError when a part of the position is no integer >= 0
 * @throws DisposedError when a parameter was disposed
 */
export function saveCheckpoint({ model, optimizer }: CheckpointParts, position: TrainingPosition): Checkpoint {
  const { step, batch, seed } = checkPosition("saveCheckpoint", position);
  const state = scope(() => ({ ...prefixed("model.", snapshot(model.parameters())), ...prefixed("optimizer.", optimizer.stateDict()) }));
  return { state, metadata: { [key]: JSON.stringify({ version: 1, step, batch, seed }) } };
}

/**
 * Sets model and optimizer from a checkpoint, both or neither. Its tensors stay the caller's.
 *
 * @returns where the run was
 * @throws ValueError when the metadata is not of a checkpoint of this version
 * @throws StateDictError, ShapeError, DTypeError, DisposedError when the tensors do not fit
 */
export function loadCheckpoint({ model, optimizer }: CheckpointParts, checkpoint: Checkpoint): TrainingPosition {
  const { metadata, state } = checkObject("loadCheckpoint", "checkpoint", checkpoint);
  checkObject("loadCheckpoint", "state", state);
  const position = readPosition(checkObject("loadCheckpoint", "metadata", metadata)[key]);
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

function readPosition(text: string | undefined): TrainingPosition {
  const expected = `that of a checkpoint of version 1, under "${key}"`;
  const { version, ...position } = parsed(text) as TrainingPosition & { version?: number };
  if (version === 1) return checkPosition("loadCheckpoint", position);
  return refuse(ValueError, "loadCheckpoint", "metadata", expected, text ?? "none", "save it with saveCheckpoint of this version");
}

function parsed(text: string | undefined): object {
  try {
    return Object(JSON.parse(text ?? "{}")) as object;
  } catch {
    return {};
  }
}

function checkPosition(operation: string, { step, batch, seed }: TrainingPosition): TrainingPosition {
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
