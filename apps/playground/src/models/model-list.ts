import { type ReadonlySignal, signal } from "@preact/signals";
import type { ListedModel } from "./listed-model.js";

/** The URL of the models. The worker gets it from the page, because its own base URL is different. */
export const modelsUrl: string = new URL("models/", document.baseURI).href;

const list = signal<readonly ListedModel[]>([]);
let requested = false;

/** The trained models of the page; empty until the list has been fetched, or if it is missing. */
export function modelList(): ReadonlySignal<readonly ListedModel[]> {
  if (!requested) {
    requested = true;
    void fetchList();
  }
  return list;
}

async function fetchList(): Promise<void> {
  try {
    const response = await fetch(new URL("index.json", modelsUrl));
    if (response.ok) list.value = (await response.json()) as readonly ListedModel[];
  } catch {
    requested = false; // offline: the next call tries again
  }
}
