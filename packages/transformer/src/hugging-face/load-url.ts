import { checkOptions, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { openSafetensors } from "@tfblocks/weights";
import { loadFrom, type LoadFolderOptions, type PretrainedFolder } from "./load-from.js";
import { checkFolderUrl, findWeightsUrl, urlFolder } from "./url-folder.js";

/**
 * Loads the model of a Hugging Face folder on a server, in browsers and in Node.js: `config.json` with `model.safetensors`, or
 * with the shards that `model.safetensors.index.json` lists. Weights are read by ranges where the server has them. In Node.js
 * `loadFolder` of `@tfblocks/transformer/hugging-face/node` takes paths too.
 *
 * A file that the server answers with status 404 or a page (text/html) is taken for absent.
 *
 * @param url https, or http on localhost, of the folder or of the weights in it; in a browser it may be relative to the page. A
 *   model of the Hugging Face hub is at `https://huggingface.co/<name>/resolve/main`
 * @throws ValueError when the address is not such, the server cannot be reached or lacks a file, a config is over 1 MiB or not
 *   JSON, or an option is unknown
 * @throws what {@link loadModel} and `openSafetensors` throw; nothing is left open or allocated on any error
 */
export async function loadFolder(url: string | URL, options: LoadFolderOptions = {}): Promise<PretrainedFolder> {
  const { maxBytes, onProgress, signal } = checkOptions("loadFolder", options, { maxBytes: true, onProgress: true, signal: true });
  signal?.throwIfAborted();
  const address = toUrl(url);
  checkFolderUrl(address);
  const source = urlFolder(address);
  const weights = await findWeightsUrl(address, source, signal);
  return loadFrom(source, () => openSafetensors(weights, { maxBytes, signal }), { onProgress, signal });
}

function toUrl(url: string | URL): URL {
  const base = (globalThis as { location?: { href: string } }).location?.href;
  if (URL.canParse(String(url), base)) return new URL(url, base);
  const advice = "for a path, use loadFolder of @tfblocks/transformer/hugging-face/node";
  return refuse(ValueError, "loadFolder", "url", "an address", describeValue(url), advice);
}
