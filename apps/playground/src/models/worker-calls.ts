import { recipes } from "@tfblocks/zoo";
import { failureFrom, type Outcome } from "../compute/outcome.js";
import type { TaskPort } from "../compute/task.js";
import type { ListedModel } from "./listed-model.js";
import { explainFailure, refuseModel } from "./explain-failure.js";
import { untrainedTitle } from "./load-trained.js";
import type { ModelChoice } from "./model-choice.js";
import type { ModelId } from "./model-id.js";
import type { ModelInfo } from "./model-info.js";
import { closeChosen, openModel } from "./open-models.js";
import { Cancelled } from "./opening.js";
import { ownModelOf, type PickedFiles } from "./own-files/add-own.js";
import { bytesOf, type OwnModel } from "./own-files/own-model.js";
import { deleteKept, keepModel, type KeepState, keepState } from "./own-files/kept-models.js";
import { forgetOwn, ownModel, ownModels, registerOwn, renameOwn } from "./own-files/own-models.js";
import { runModels } from "./run-models.js";
import { trainedModels } from "./trained-models.js";

/** Every model that can be opened. Those of the page are missing while they cannot be fetched. */
export async function list(modelsUrl: string): Promise<ModelChoice[]> {
  const trained = await listTrained(modelsUrl);
  const own = (await ownModels()).map((each): ModelChoice => {
    return { id: each.id, title: each.title, group: "own", bytes: bytesOf(each), isKept: each.isKept };
  });
  const untrained = trained.flatMap(({ id }) => recipes.filter(({ name }) => name === id));
  return [
    ...trained,
    ...untrained.map((recipe): ModelChoice => ({ id: `untrained-${recipe.name}`, title: untrainedTitle(recipe), group: "untrained" })),
    ...own,
    ...((await runModels()?.list()) ?? []),
  ];
}

/** Opens a model and keeps it open; undefined after a cancel. */
export async function open(id: ModelId, modelsUrl: string, port: TaskPort): Promise<Outcome<ModelInfo> | undefined> {
  try {
    return { ok: true, result: (await openModel(id, modelsUrl, port)).info };
  } catch (error) {
    return error instanceof Cancelled ? undefined : { ok: false, failure: failureFrom(error, "model") };
  }
}

/** Makes a model of files of the reader, and makes it known; undefined after a cancel. */
export async function add(picked: PickedFiles, port: TaskPort): Promise<Outcome<OwnModel> | undefined> {
  try {
    const own = await ownModelOf(picked, port);
    if (own === undefined) return undefined;
    registerOwn(own);
    return { ok: true, result: own };
  } catch (error) {
    return { ok: false, failure: failureFrom(explainFailure(error), "files") };
  }
}

/** Makes a model of the reader known to a new worker. */
export function register(own: OwnModel): void {
  registerOwn(own);
}

/** Forgets a model of the reader, and deletes it if the browser keeps it. It stays open while it is chosen. */
export async function forget(id: ModelId): Promise<void> {
  forgetOwn(id);
  await deleteKept(id);
}

/** Gives a model of the reader another title. If it is open, it must be opened again. */
export async function rename(id: ModelId, title: string): Promise<Outcome<true>> {
  try {
    await renameOwn(id, title);
    closeChosen(id);
    return { ok: true, result: true };
  } catch (error) {
    return { ok: false, failure: failureFrom(explainFailure(error), "files") };
  }
}

/** What the browser can keep of models. */
export function storage(): Promise<KeepState> {
  return keepState();
}

/** Keeps a model of the reader in the browser; undefined after a cancel. */
export async function keep(id: ModelId, port: TaskPort): Promise<Outcome<true> | undefined> {
  try {
    const own = (await ownModel(id)) ?? refuseModel("The files of this model are gone. Please open them again.");
    const kept = await keepModel(own, port);
    return kept && { ok: true, result: kept };
  } catch (error) {
    return { ok: false, failure: failureFrom(explainFailure(error), "files") };
  }
}

/** In the order of the descriptions; those without one come last. */
async function listTrained(modelsUrl: string): Promise<ModelChoice[]> {
  const response = await fetch(new URL("index.json", modelsUrl)).catch(() => undefined);
  const listed = response?.ok ? ((await response.json().catch(() => [])) as readonly ListedModel[]) : [];
  const order = Object.keys(trainedModels);
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return listed.toSorted((a, b) => rank(a.name) - rank(b.name)).map(({ name, title }) => ({ id: name, title, group: "trained" }));
}
