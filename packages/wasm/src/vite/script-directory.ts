const threadedModule = /tfjs-backend-wasm[^?]*\/tfjs-backend-wasm-threaded-simd\.js(\?|$)/;
const branch = /if\s*\(typeof _scriptDir !== "undefined" && _scriptDir\)\s*\{?\s*scriptDirectory\s*=\s*_scriptDir;?\s*\}?/;

/**
 * The code of the threaded module of tfjs without its branch on `_scriptDir`; undefined for any other module.
 *
 * tfjs starts its threads from the source text of a function that evaluates `typeof _scriptDir`. Minifiers rename the
 * variable, the thread does not have it under the new name, and `tf.ready()` never settles. Only a file that locates itself
 * by its script tag needs the branch, which a bundle does not. `setupWasm` starts none of these threads.
 *
 * @throws Error during the build when the module does not contain that branch, so that an upgrade is noticed
 */
export function withoutScriptDirectory(code: string, id: string): string | undefined {
  if (!threadedModule.test(id.replaceAll("\\", "/"))) return undefined;
  if (branch.test(code)) return code.replace(branch, "");
  throw new Error(
    `tfblocks-wasm: ${id} must hold the branch on _scriptDir, got a file without it; check whether this version of @tensorflow/tfjs-backend-wasm still needs the plugin`,
  );
}
