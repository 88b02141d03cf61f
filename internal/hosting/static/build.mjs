// A folder of files for any web server: two bundles, tfjs's wasm files beside them, the page.
import { cpSync, mkdirSync } from "node:fs";
import { build } from "esbuild";

mkdirSync("dist", { recursive: true });
await build({ entryPoints: ["src/main.js", "src/worker.js"], bundle: true, minify: true, format: "esm", outdir: "dist" });
for (const variant of ["", "-simd", "-threaded-simd"]) {
  const file = `tfjs-backend-wasm${variant}.wasm`;
  cpSync(`node_modules/@tensorflow/tfjs-backend-wasm/dist/${file}`, `dist/${file}`);
}
cpSync("node_modules/coi-serviceworker/coi-serviceworker.min.js", "dist/coi-serviceworker.min.js");
for (const page of ["index.html", "without-headers.html"]) cpSync(page, `dist/${page}`);
