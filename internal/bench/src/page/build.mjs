import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "vite";
import { cacheFolder } from "../../../../scripts/lib/run.mjs";
import { foldersIn } from "../../../../scripts/lib/workspace.mjs";
import { ggufFolder } from "../gguf/files.mjs";
import { benchFolder, rootFolder } from "../paths.mjs";

export const pageFolder = join(cacheFolder, "bench-page");

const from = (folder) => createRequire(join(rootFolder, folder, "package.json"));
const manifestFolder = (folder, name) => dirname(from(folder).resolve(`${name}/package.json`));

/** Files that the page fetches as they are: URL prefix -> folder. */
export const servedAsIs = {
  "/tfjs/": join(manifestFolder(".", "@tensorflow/tfjs-backend-wasm"), "dist"),
  "/onnxruntime-web/": join(benchFolder, "node_modules/onnxruntime-web/dist"),
  "/wllama/": join(benchFolder, "node_modules/@wllama/wllama/esm"),
  "/gguf/": ggufFolder,
};

const virtualPackages = "virtual:packages"; // the main entry of each, by its name
const inTestkit = join(rootFolder, "internal/testkit/package.json");

/** The same choice as src/host/node-main.mjs makes: one tfjs-core for all, the packages built, tfjs's backend twice. */
const libraries = {
  name: "bench-libraries",
  enforce: "pre",
  resolveId(name) {
    if (name.startsWith("@tfblocks/")) return from(`packages/${name.split("/")[1]}`).resolve(name);
    if (name === "stock tfjs-backend-wasm") return join(servedAsIs["/tfjs/"], "tf-backend-wasm.fesm.js");
    if (name === virtualPackages) return `\0${virtualPackages}`;
    return name === "@tensorflow/tfjs-backend-cpu" ? this.resolve(name, inTestkit, { skipSelf: true }) : undefined;
  },
  load(id) {
    if (id !== `\0${virtualPackages}`) return undefined;
    const names = foldersIn("packages").map((folder) => `@tfblocks/${folder.replace("packages/", "")}`);
    return `export const packages = {\n${names.map((name) => `"${name}": () => import("${name}")`).join(",\n")}\n};`;
  },
};

/** Bundles the host for the page; not minified, since tfjs's threads do not survive that. */
export async function buildPage() {
  await build({
    root: join(benchFolder, "src/page"),
    configFile: false,
    logLevel: "error",
    plugins: [libraries],
    resolve: { dedupe: ["@tensorflow/tfjs-core"] },
    build: { outDir: pageFolder, emptyOutDir: true, minify: false, target: "esnext", chunkSizeWarningLimit: 1e6 },
  });
}
