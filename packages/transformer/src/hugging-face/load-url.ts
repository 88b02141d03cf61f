import { checkOptions, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { openSafetensors } from "@tfblocks/weights";
import { loadFrom, type LoadFolderOptions, loadFolderOptionNames, type PretrainedFolder } from "./load-from.js";
import { findPickedWeights, pickedFolder, type PickedFiles } from "./picked-folder.js";
import { checkFolderUrl, findWeightsUrl, urlFolder } from "./url-folder.js";

/**
 * Loads the model of a Hugging Face folder on a server, or of picked files, in browsers and in Node.js: `config.json` with
 * `model.safetensors`, or with the shards that `model.safetensors.index.json` lists. Weights are read by ranges, where the
 * server has them, so that no copy of the file is in memory. In Node.js `loadFolder` of
 * `@tfblocks/transformer/hugging-face/node` takes paths too.
 *
 * A file that the server answers with status 404 or a page (text/html) is taken for absent.
 *
 * @param source https, or http on localhost, of the folder or of the weights in it; in a browser it may be relative to the page.
 *   A model of the Hugging Face hub is at `https://huggingface.co/<name>/resolve/main`. Or the files of a folder: a Map of their
 *   names in the folder, or Files, whose names are those of `webkitRelativePath` below the folder, or else `name`; files in
 *   folders of the folder are ignored
 * @throws ValueError when the source is not such, the server cannot be reached, a file is missing or cannot be read, a config is
 *   over 1 MiB or not JSON, or an option is unknown
 * @throws what {@link loadModel} and `openSafetensors` throw; nothing is left open or allocated on any error
 */
export async function loadFolder(source: string | URL | PickedFiles, options: LoadFolderOptions = {}): Promise<PretrainedFolder> {
  const checked = checkOptions("loadFolder", options, loadFolderOptionNames);
  checked.signal?.throwIfAborted();
  return typeof source === "string" || source instanceof URL ? loadUrl(source, checked) : loadPicked(source, checked);
}

async function loadPicked(picked: PickedFiles, { maxBytes, ...reading }: LoadFolderOptions): Promise<PretrainedFolder> {
  const { files, ...source } = pickedFolder(picked);
  const weights = findPickedWeights(files);
  return loadFrom(source, () => openSafetensors(weights, { maxBytes, signal: reading.signal }), reading);
}

async function loadUrl(url: string | URL, { maxBytes, ...reading }: LoadFolderOptions): Promise<PretrainedFolder> {
  const address = toUrl(url);
  checkFolderUrl(address);
  const source = urlFolder(address);
  const weights = await findWeightsUrl(address, source, reading.signal);
  return loadFrom(source, () => openSafetensors(weights, { maxBytes, signal: reading.signal }), reading);
}

function toUrl(url: string | URL): URL {
  const base = (globalThis as { location?: { href: string } }).location?.href;
  if (URL.canParse(String(url), base)) return new URL(url, base);
  const advice = "for a path, use loadFolder of @tfblocks/transformer/hugging-face/node";
  return refuse(ValueError, "loadFolder", "url", "an address", describeValue(url), advice);
}
