import type { ModelId } from "../model-id.js";
import { keptModel, keptModels, renameKept } from "./kept-models.js";
import type { OwnModel } from "./own-model.js";

/** The models of the reader that this worker has been told. */
const registered = new Map<ModelId, OwnModel>();

/** Makes a model of the reader known, for example after the worker was started anew. */
export function registerOwn(own: OwnModel): void {
  registered.set(own.id, own);
}

/** Forgets a model of the reader; the browser may still keep it. */
export function forgetOwn(id: ModelId): void {
  registered.delete(id);
}

/** Gives a model of the reader another title, also where the browser keeps it. */
export async function renameOwn(id: ModelId, title: string): Promise<void> {
  const own = registered.get(id);
  if (own !== undefined) registered.set(id, { ...own, title });
  await renameKept(id, title);
}

/** A model of the reader, told or kept; undefined if it is neither. */
export async function ownModel(id: ModelId): Promise<OwnModel | undefined> {
  return registered.get(id) ?? keptModel(id);
}

/** All models of the reader, and whether the browser keeps them. */
export async function ownModels(): Promise<(OwnModel & { readonly isKept: boolean })[]> {
  const kept = await keptModels();
  const others = [...registered.values()].filter(({ id }) => !kept.some((each) => each.id === id));
  return [...kept.map((own) => ({ ...own, isKept: true })), ...others.map((own) => ({ ...own, isKept: false }))];
}
