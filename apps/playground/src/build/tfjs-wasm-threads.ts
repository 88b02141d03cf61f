import type { Plugin } from "vite";

const threadedModule = /tfjs-backend-wasm[^?]*\/tfjs-backend-wasm-threaded-simd\.js(\?|$)/;
const scriptDirectoryBranch = /if\s*\(typeof _scriptDir !== "undefined" && _scriptDir\)\s*\{?\s*scriptDirectory\s*=\s*_scriptDir;?\s*\}?/;

/**
 * Keeps the threads of tfjs's WASM backend alive in production builds.
 *
 * The backend starts its threads from the source text of a function that asks `typeof _scriptDir`. Minifiers turn the
 * question into a read of a renamed variable that the thread does not have, and `tf.ready()` then never settles.
 * The branch only serves a file that finds itself by its script tag, which a bundle never is: it is taken out.
 *
 * @throws Error during the build when the backend no longer holds that branch, so that an upgrade is noticed
 */
export function tfjsWasmThreads(): Plugin {
  return {
    name: "tfjs-wasm-threads",
    enforce: "pre",
    transform(code, id) {
      if (!threadedModule.test(id)) return undefined;
      if (!scriptDirectoryBranch.test(code)) {
        throw new Error(
          `tfjs-wasm-threads: ${id} must hold the branch on _scriptDir, got a file without it; check whether this version of @tensorflow/tfjs-backend-wasm still needs the plugin`,
        );
      }
      return { code: code.replace(scriptDirectoryBranch, ""), map: null };
    },
  };
}
