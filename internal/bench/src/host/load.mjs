import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** tfjs and the packages come from the workspace, built, so that all share one tfjs-core. */
const fromWorkspace = {
  "@tensorflow/tfjs-core": [".", "@tensorflow/tfjs-core"],
  "@tensorflow/tfjs-backend-wasm": [".", "@tensorflow/tfjs-backend-wasm"],
  "stock tfjs-backend-wasm": [".", "@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.js"],
  "@tensorflow/tfjs-backend-cpu": ["internal/testkit", "@tensorflow/tfjs-backend-cpu"],
};

/** A library in Node.js by its name. */
export function load(library) {
  if (library.startsWith("packages/")) return import(pathToFileURL(`${root}${library}`).href); // the rows of a block
  const [folder, name] = fromWorkspace[library] ?? ownFolder(library) ?? ["internal/bench", library];
  const path = createRequire(`${root}${folder}/package.json`).resolve(name);
  return import(pathToFileURL(path).href);
}

/** `@tfblocks/masks/torch` -> packages/masks, which resolves its own name. */
function ownFolder(library) {
  const [, folder] = /^@tfblocks\/([^/]+)/.exec(library) ?? [];
  return folder && [`packages/${folder}`, library];
}
