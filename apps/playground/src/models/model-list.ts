import { type ReadonlySignal, signal } from "@preact/signals";
import type { ListedModel } from "./listed-model.js";

/** Where the models lie; a worker would look for them beside its own script. */
export const modelsUrl: string = new URL("models/", document.baseURI).href;

const list = signal<readonly ListedModel[]>([]);
let asked = false;

/** The trained models that come with the page; none until the list has been fetched, or where it is missing. */
export function modelList(): ReadonlySignal<readonly ListedModel[]> {
  if (!asked) {
    asked = true;
    void fetchList();
  }
  return list;
}

async function fetchList(): Promise<void> {
  try {
    const response = await fetch(new URL("index.json", modelsUrl));
    if (response.ok) list.value = (await response.json()) as readonly ListedModel[];
  } catch {
    asked = false; // offline: the next to ask tries again
  }
}
