import { existsSync, readdirSync, readFileSync } from "node:fs";

/**
 * A ceiling catches a mistake, such as a copy of tfjs in a bundle; it does not decide how code is written. An entry gets
 * 10 kB, or 25 % above its weight when that is more:
 *
 * - the gradient definitions are those of tfjs-core for all of its operations; the layers bring them along;
 * - `wasm` carries two WebAssembly modules of about 22 kB, which base64 makes a third larger;
 * - `text/hugging-face` has every part of a tokenizer, patterns of Oniguruma and tables of characters among them;
 * - `text/chat` evaluates templates as Python does, with the strings, filters and tests of Jinja;
 * - `analysis` has a file for each metric, `analysis/models` one for each edit, lens and experiment; `analysis/pictures` carries the script
 *   of its page;
 * - the models and their loading have the builder, the config reader and the weight names of every family.
 */
const ceilings = {
  "@tfblocks/tensor-utils": "12.5 kB",
  "@tfblocks/analysis": "22 kB",
  "@tfblocks/analysis/models": "56 kB",
  "@tfblocks/analysis/pictures": "32 kB",
  "@tfblocks/tensor-utils/gradients": "12 kB",
  "@tfblocks/tensor-utils/layers": "18 kB",
  "@tfblocks/text/chat": "18 kB",
  "@tfblocks/text/hugging-face": "19 kB",
  "@tfblocks/wasm": "90 kB",
  "@tfblocks/transformer/hugging-face": "36 kB",
  "@tfblocks/transformer/hugging-face/node": "37 kB",
  "@tfblocks/transformer/models": "27 kB",
};

const packages = new URL("../../packages/", import.meta.url);

/** The code of each public entry, as a bundler would take all of it; what it imports from other packages is counted there. */
function entriesOf(folder) {
  const manifest = JSON.parse(readFileSync(new URL(`${folder}/package.json`, packages), "utf8"));
  const others = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  return Object.values(manifest.exports)
    .filter((target) => typeof target === "object")
    .map(({ default: file }) => ({ file, name: nameOf(manifest.name, file) }))
    .map(({ file, name }) => ({
      name,
      path: `../../packages/${folder}/${file}`,
      limit: ceilings[name] ?? "10 kB",
      gzip: true,
      ignore: ["node:*", ...others.flatMap((other) => [other, `${other}/*`])],
    }));
}

/** `./dist/training/node.js` of `@tfblocks/transformer` is `@tfblocks/transformer/training/node`. */
function nameOf(packageName, file) {
  const entry = file.replace("./dist/", "").replace(/\.js$/, "");
  return entry === "index" ? packageName : `${packageName}/${entry}`;
}

const folders = readdirSync(packages).filter((folder) => existsSync(new URL(`${folder}/package.json`, packages)));

export default folders.flatMap(entriesOf);
