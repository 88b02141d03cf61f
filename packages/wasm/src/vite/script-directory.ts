const threadedModule = /tfjs-backend-wasm[^?]*\/tfjs-backend-wasm-threaded-simd\.js(\?|$)/;
const branch = /if\s*\(typeof _scriptDir !== "undefined" && _scriptDir\)\s*\{?\s*scriptDirectory\s*=\s*_scriptDir;?\s*\}?/;

/**
 * The code of tfjs's threaded module without its branch on `_scriptDir`; undefined for any other module.
 *
 * tfjs starts its threads from the source text of a function that asks `typeof _scriptDir`. Minifiers turn the question
 * into a read of a renamed variable that the thread does not have, and `tf.ready()` then never settles. The branch only
 * serves a file that finds itself by its script tag, which a bundle never is. `setupWasm` starts none of these threads.
 *
 * @throws Error during the build when the module no longer holds that branch, so that an upgrade is noticed
 */
export function withoutScriptDirectory(code: string, id: string): string | undefined {
  if (!threadedModule.test(id.replaceAll("\\", "/"))) return undefined;
  if (branch.test(code)) return code.replace(branch, "");
  throw new Error(
    `tfblocks-wasm: ${id} must hold the branch on _scriptDir, got a file without it; check whether this version of @tensorflow/tfjs-backend-wasm still needs the plugin`,
  );
}
