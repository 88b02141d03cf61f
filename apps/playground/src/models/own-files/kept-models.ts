import type { TaskPort } from "../../compute/task.js";
import { ModelFailure, refuseModel } from "../explain-failure.js";
import { type ModelId, modelIdPattern } from "../model-id.js";
import { browserFolder, copyInto, filesIn, type StoredFolder } from "./browser-folder.js";
import { bytesOf, type OwnModel, shownBytes } from "./own-model.js";

/** Written last: a folder without it was not kept whole. */
const aboutName = "about.json";
/** The lock of the page that writes. */
const copying = "tfblocks kept models";

/** Whether the browser can keep models, and why not. */
export type KeepState = { readonly canKeep: true; readonly freeBytes: number } | { readonly canKeep: false; readonly reason: string };

/** What the browser can keep of models. */
export async function keepState(): Promise<KeepState> {
  const canCopy = "FileSystemSyncAccessHandle" in globalThis && "locks" in navigator;
  const folder = canCopy ? await browserFolder().catch(() => undefined) : undefined;
  if (folder !== undefined) return { canKeep: true, freeBytes: await freeBytes() };
  const reason = globalThis.isSecureContext
    ? "This browser keeps no files for pages, or not in a private window."
    : "Browsers keep files only for pages with an https address.";
  return { canKeep: false, reason };
}

/** The models that the browser keeps. */
export async function keptModels(): Promise<OwnModel[]> {
  const folder = await modelsFolder().catch(() => undefined);
  if (folder === undefined) return [];
  const kept: OwnModel[] = [];
  for await (const [id, handle] of folder.entries()) {
    const own = handle.kind === "directory" ? await readKept(id, handle) : undefined;
    if (own !== undefined) kept.push(own);
  }
  return kept.toSorted((a, b) => (a.title < b.title ? -1 : 1));
}

/** A model that the browser keeps; undefined if it keeps none of this id. */
export async function keptModel(id: ModelId): Promise<OwnModel | undefined> {
  if (!id.startsWith("own-") || !modelIdPattern.test(id)) return undefined;
  const folder = await modelsFolder()
    .then((models) => models.getDirectoryHandle(id))
    .catch(() => undefined);
  return folder && readKept(id, folder);
}

/**
 * Keeps a model in the browser. Only one page of a browser copies at a time.
 *
 * @returns undefined after a cancel; nothing is left then, or after an error
 * @throws ModelFailure when there is not enough space, or the browser keeps nothing
 */
export async function keepModel(own: OwnModel, port: TaskPort): Promise<true | undefined> {
  const state = await keepState();
  if (!state.canKeep) return refuseModel(state.reason);
  const bytes = bytesOf(own);
  if (bytes > state.freeBytes) {
    refuseModel(
      `The model has ${shownBytes(bytes)}, and the browser has ${shownBytes(state.freeBytes)} left for this page. Delete a model first.`,
    );
  }
  return navigator.locks.request(copying, async () => {
    if ((await keptModel(own.id)) !== undefined) return true;
    const models = await modelsFolder();
    const whole = await copyAll(models, own, port).catch((error: unknown) => error);
    if (whole === true) return true;
    await models.removeEntry(own.id, { recursive: true }).catch(() => {});
    if (whole === false) return undefined;
    throw explainKeeping(whole);
  });
}

/** Gives a model that the browser keeps another title; does nothing if it keeps none of this id. */
export async function renameKept(id: ModelId, title: string): Promise<void> {
  await navigator.locks.request(copying, async () => {
    if ((await keptModel(id)) === undefined) return;
    await writeAbout(await (await modelsFolder()).getDirectoryHandle(id), title);
  });
}

/** Deletes a model that the browser keeps. One that is open stays open. */
export async function deleteKept(id: ModelId): Promise<void> {
  const folder = await modelsFolder().catch(() => undefined);
  await folder?.removeEntry(id, { recursive: true }).catch(() => {}); // another page has deleted it
}

async function copyAll(models: StoredFolder, own: OwnModel, port: TaskPort): Promise<boolean> {
  await models.removeEntry(own.id, { recursive: true }).catch(() => {}); // what a page left that was closed meanwhile
  const folder = await models.getDirectoryHandle(own.id, { create: true });
  const total = bytesOf(own);
  let before = 0;
  for (const [name, file] of own.files) {
    if (!(await copyInto(folder, name, file, (done) => port.step(`Keeping ${name}`, before + done, total)))) return false;
    before += file.size;
  }
  return writeAbout(folder, own.title);
}

function writeAbout(folder: StoredFolder, title: string): Promise<boolean> {
  return copyInto(folder, aboutName, new Blob([JSON.stringify({ title })]), async () => true);
}

async function readKept(id: ModelId, folder: StoredFolder): Promise<OwnModel | undefined> {
  const files = await filesIn(folder).catch(() => new Map<string, File>()); // another page deletes it
  const about = files.get(aboutName);
  files.delete(aboutName);
  const text = await about?.text().catch(() => undefined);
  return text === undefined ? undefined : { id, title: (JSON.parse(text) as { title: string }).title, files };
}

async function modelsFolder(): Promise<StoredFolder> {
  return (await browserFolder()).getDirectoryHandle("models", { create: true });
}

async function freeBytes(): Promise<number> {
  const { quota = Infinity, usage = 0 } = await navigator.storage.estimate();
  return quota - usage;
}

function explainKeeping(error: unknown): Error {
  const { name, message } = error as Error;
  if (name === "QuotaExceededError") return new ModelFailure("The browser has no space left for this model. Delete another one first.");
  return new ModelFailure(`The model could not be kept: ${message}.`);
}
