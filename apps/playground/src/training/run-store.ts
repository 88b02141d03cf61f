import type { CheckpointStore } from "@tfblocks/training";
import type { LossPoint, RunRecord, StepRecord } from "./run-record.js";
import { MemoryTables, openBrowserTables, type Tables } from "./tables.js";

/** The parameters of a model by name. */
export type Weights = Readonly<Record<string, Float32Array>>;

/** What a run resumes from: everything that the trainer needs, and the losses up to that step. */
interface SavedCheckpoint {
  readonly bytes: Uint8Array;
  readonly losses: readonly LossPoint[];
}

/** The runs that are kept, with their measurements, weights and checkpoints. */
export class RunStore {
  readonly #tables: Tables;
  /** Whether a reload keeps the runs. */
  readonly isLasting: boolean;

  constructor(tables: Tables, isLasting: boolean) {
    this.#tables = tables;
    this.isLasting = isLasting;
  }

  /** The runs from the oldest to the newest. */
  async runs(): Promise<readonly RunRecord[]> {
    const runs = (await this.#tables.all("runs")) as readonly RunRecord[];
    return runs.toSorted((a, b) => a.createdAt - b.createdAt);
  }

  async run(key: string): Promise<RunRecord | undefined> {
    return (await this.#tables.get("runs", [key, 0])) as RunRecord | undefined;
  }

  async saveRun(run: RunRecord): Promise<void> {
    await this.#tables.put("runs", [run.key, 0], run);
  }

  async records(key: string): Promise<readonly StepRecord[]> {
    return (await this.#tables.all("records", key)) as readonly StepRecord[];
  }

  async record(key: string, step: number): Promise<StepRecord | undefined> {
    return (await this.#tables.get("records", [key, step])) as StepRecord | undefined;
  }

  /** The last step whose weights are kept. */
  async lastStep(key: string): Promise<number | undefined> {
    return (await this.#tables.keys("weights", key)).at(-1)?.[1];
  }

  /** Keeps what was measured after a step, and the parameters of the model then. */
  async saveStep(key: string, record: StepRecord, weights: Weights): Promise<void> {
    await this.#tables.put("weights", [key, record.step], weights);
    await this.#tables.put("records", [key, record.step], record);
  }

  async weights(key: string, step: number): Promise<Weights | undefined> {
    return (await this.#tables.get("weights", [key, step])) as Weights | undefined;
  }

  /** The losses up to the last checkpoint. */
  async losses(key: string): Promise<readonly LossPoint[]> {
    return (await this.#checkpoint(key))?.losses ?? [];
  }

  /** The checkpoint of a run for its trainer. @param losses are kept with each checkpoint */
  checkpointOf(key: string, losses: () => readonly LossPoint[]): CheckpointStore {
    return {
      load: async () => (await this.#checkpoint(key))?.bytes,
      save: async (bytes) => this.#tables.put("checkpoints", [key, 0], { bytes, losses: losses() } satisfies SavedCheckpoint),
    };
  }

  async remove(key: string): Promise<void> {
    await this.#tables.remove(key);
  }

  async #checkpoint(key: string): Promise<SavedCheckpoint | undefined> {
    return (await this.#tables.get("checkpoints", [key, 0])) as SavedCheckpoint | undefined;
  }
}

let store: Promise<RunStore> | undefined;

/** The store of this browser; if it keeps nothing for this page, for example in a private window, one that ends with the page. */
export function openRunStore(): Promise<RunStore> {
  store ??= openBrowserTables().then(
    (tables) => new RunStore(tables, true),
    () => new RunStore(new MemoryTables(), false),
  );
  return store;
}
