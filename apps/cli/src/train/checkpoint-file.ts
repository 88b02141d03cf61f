import { rm } from "node:fs/promises";
import { dispose } from "@tensorflow/tfjs-core";
import { type Checkpoint, type CheckpointFormat, safetensorsFormat } from "@tfblocks/training";
import { FileCheckpointStore } from "@tfblocks/training/node";
import { CommandError } from "@tfblocks/command-line";
import { LossLog } from "./loss-log.js";
import type { RunSettings } from "./run-settings.js";

/** The data of a run in a checkpoint, in addition to its tensors and its step. */
export interface SavedRun {
  readonly settings: RunSettings;
  readonly losses: LossLog;
  /** Seconds of training so far. */
  readonly seconds: number;
}

/** A run in JSON. */
export type SavedJson = Omit<SavedRun, "losses"> & { readonly losses: ReturnType<LossLog["toJSON"]> };

/** The key of the run data in the metadata of a checkpoint. */
export const runKey = "tfblocks.run";

/** The checkpoint of a training in one safetensors file. */
export class CheckpointFile extends FileCheckpointStore implements CheckpointFormat {
  /** The run data of the next checkpoint. */
  describe: () => SavedRun | undefined = () => undefined;

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }

  /** @throws CommandError if a checkpoint exists that a new training would overwrite */
  async checkAbsent(): Promise<void> {
    if ((await this.load()) === undefined) return;
    throw new CommandError(`${this.path} is the checkpoint of an interrupted training; --resume continues it, --restart discards it`);
  }

  /** One sentence that says where the last checkpoint is. */
  async describeLast(): Promise<string> {
    return (await this.load()) === undefined ? "No checkpoint has been saved." : `The last checkpoint is ${this.path}.`;
  }

  write({ state, metadata }: Checkpoint): ReturnType<CheckpointFormat["write"]> {
    return safetensorsFormat.write({ state, metadata: { ...metadata, [runKey]: JSON.stringify(this.describe() ?? null) } });
  }

  read(bytes: Uint8Array): ReturnType<CheckpointFormat["read"]> {
    return safetensorsFormat.read(bytes);
  }

  /** Reads the interrupted run. @throws CommandError if there is none */
  async savedRun(): Promise<SavedRun> {
    const bytes = await this.load();
    if (bytes === undefined) {
      throw new CommandError(`--resume needs the checkpoint of an interrupted training, but ${this.path} does not exist`);
    }
    const { state, metadata } = await this.read(bytes);
    dispose(state);
    const saved = parseRun(metadata[runKey]);
    if (saved === undefined) throw new CommandError(`--resume needs a checkpoint of this command, but ${this.path} is not one`);
    return { ...saved, losses: new LossLog(saved.settings.steps, saved.losses) };
  }
}

/** Parses the run data of a checkpoint; undefined if invalid. */
export function parseRun(text: string | undefined): SavedJson | undefined {
  try {
    const { settings, losses, seconds } = JSON.parse(text ?? "null") as SavedJson;
    const numbers = [settings.steps, settings.seed, seconds, ...losses.points.flat(), ...losses.pending];
    return numbers.every(Number.isFinite) && settings.steps >= 1 ? { settings, losses, seconds } : undefined;
  } catch {
    return undefined; // not JSON, or a field is missing
  }
}
