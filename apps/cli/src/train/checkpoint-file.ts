import { rm } from "node:fs/promises";
import { dispose } from "@tensorflow/tfjs-core";
import { type Checkpoint, type CheckpointFormat, safetensorsFormat } from "@tfblocks/training";
import { FileCheckpointStore } from "@tfblocks/training/node";
import { CommandError } from "../command/command-error.js";
import { LossLog } from "./loss-log.js";
import type { RunSettings } from "./run-settings.js";

/** What a checkpoint says beside tensors and position. */
export interface SavedRun {
  readonly settings: RunSettings;
  readonly losses: LossLog;
  /** Seconds of training so far. */
  readonly seconds: number;
}

/** A run as JSON has it. */
type Written = Omit<SavedRun, "losses"> & { readonly losses: ReturnType<LossLog["toJSON"]> };

const key = "tfblocks.run";

/** The checkpoint of a training, in one safetensors file. */
export class CheckpointFile extends FileCheckpointStore implements CheckpointFormat {
  /** What the next checkpoint says of its run. */
  describe: () => SavedRun | undefined = () => undefined;

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }

  /** @throws CommandError when there is one that a new training would overwrite */
  async refuseLoss(): Promise<void> {
    if ((await this.load()) === undefined) return;
    throw new CommandError(`${this.path} is where an interrupted training stopped; --resume goes on from there, --restart begins anew`);
  }

  /** One sentence about the last checkpoint. */
  async keptAt(): Promise<string> {
    return (await this.load()) === undefined ? "No checkpoint was saved yet." : `The last good checkpoint is kept in ${this.path}.`;
  }

  write({ state, metadata }: Checkpoint): ReturnType<CheckpointFormat["write"]> {
    return safetensorsFormat.write({ state, metadata: { ...metadata, [key]: JSON.stringify(this.describe() ?? null) } });
  }

  read(bytes: Uint8Array): ReturnType<CheckpointFormat["read"]> {
    return safetensorsFormat.read(bytes);
  }

  /** The run that stopped here. @throws CommandError when there is none */
  async savedRun(): Promise<SavedRun> {
    const bytes = await this.load();
    if (bytes === undefined) throw new CommandError(`--resume needs an interrupted training's checkpoint, and ${this.path} is not there`);
    const { state, metadata } = await this.read(bytes);
    dispose(state);
    const saved = writtenRun(metadata[key]);
    if (saved === undefined) throw new CommandError(`--resume needs a checkpoint of this command, and ${this.path} is none`);
    return { ...saved, losses: new LossLog(saved.settings.steps, saved.losses) };
  }
}

/** The run that a text describes; undefined where it is none. */
function writtenRun(text: string | undefined): Written | undefined {
  try {
    const { settings, losses, seconds } = JSON.parse(text ?? "null") as Written;
    const numbers = [settings.steps, settings.seed, seconds, ...losses.points.flat(), ...losses.pending];
    return numbers.every(Number.isFinite) && settings.steps >= 1 ? { settings, losses, seconds } : undefined;
  } catch {
    return undefined; // no JSON, or without one of the parts
  }
}
