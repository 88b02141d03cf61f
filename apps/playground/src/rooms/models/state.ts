import { type ReadonlySignal, signal } from "@preact/signals";
import { sentenceOf } from "../../compute/outcome.js";
import { Task } from "../../compute/task.js";
import type { ModelId } from "../../models/model-id.js";
import type { PickedFiles } from "../../models/own-files/add-own.js";
import type { KeepState } from "../../models/own-files/kept-models.js";
import { type ChosenModel, chosenModelOf } from "../../workspace/open-chosen-model.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { RoomCompute } from "../room.js";

/** What is being done with the files of a model. */
interface Doing {
  /** What until the first report tells it. */
  readonly what: string;
  readonly task: Task;
}

/** The models of the reader: adding, keeping and deleting them. */
export class ModelsState {
  readonly chosen: ChosenModel;
  readonly #compute: RoomCompute;
  readonly #doing = signal<Doing | undefined>();
  readonly #failure = signal<string | undefined>();
  readonly #storage = signal<KeepState | undefined>();

  constructor(compute: RoomCompute, workspace: Workspace) {
    this.#compute = compute;
    this.chosen = chosenModelOf(compute, workspace);
    void this.#measureStorage().catch(() => {}); // the failure of the worker is shown above the room
  }

  get doing(): ReadonlySignal<Doing | undefined> {
    return this.#doing;
  }

  get failure(): ReadonlySignal<string | undefined> {
    return this.#failure;
  }

  /** What the browser can keep; undefined until it is known. */
  get storage(): ReadonlySignal<KeepState | undefined> {
    return this.#storage;
  }

  cancel(): void {
    this.#doing.value?.task.cancel();
  }

  /** Opens the model in files of the reader. */
  add(picking: Promise<PickedFiles> | PickedFiles): Promise<void> {
    return this.#run("Looking at the files", async ({ port }) => {
      const picked = await picking;
      const { models } = await this.#compute.calls;
      const outcome = await models.add(picked, port);
      if (outcome?.ok) await this.chosen.add(outcome.result);
      return outcome?.ok === false ? outcome.failure.sentence : undefined;
    });
  }

  /** Keeps a model in the browser for the next visit. */
  keep(id: ModelId): Promise<void> {
    return this.#run("Keeping the model", async ({ port }) => {
      void navigator.storage.persist().catch(() => {}); // without it the browser may delete the files when the disk is full
      const { models } = await this.#compute.calls;
      const outcome = await models.keep(id, port);
      await this.chosen.refresh();
      return outcome?.ok === false ? outcome.failure.sentence : undefined;
    });
  }

  rename(id: ModelId, title: string): Promise<void> {
    return this.#run("Renaming the model", () => this.chosen.rename(id, title));
  }

  /** Deletes a model that the browser keeps, or forgets one that was opened on this visit. */
  remove(id: ModelId): Promise<void> {
    return this.#run("Deleting the model", async () => {
      await this.chosen.forget(id);
      return undefined;
    });
  }

  /** Does one thing at a time, in place of one that is under way. @param work returns why it failed */
  async #run(what: string, work: (task: Task) => Promise<string | undefined>): Promise<void> {
    this.cancel();
    const doing = { what, task: new Task() };
    this.#doing.value = doing;
    this.#failure.value = undefined;
    const failure = await work(doing.task).catch(sentenceOf);
    await this.#measureStorage().catch(() => {});
    if (this.#doing.value !== doing) return;
    this.#doing.value = undefined;
    this.#failure.value = failure;
  }

  async #measureStorage(): Promise<void> {
    const { models } = await this.#compute.calls;
    this.#storage.value = await models.storage();
  }
}
