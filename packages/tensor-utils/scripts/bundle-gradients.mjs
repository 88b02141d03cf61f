// Writes dist/gradients.js: tfjs-core's own gradients, runnable where its deep files are not (plain Node, Deno).
// A module of tfjs-core with public exports becomes an import of the public names, so that no second engine or tensor
// class is bundled; the few private operations that gradients call are bundled with them. A name that is neither
// fails the build.
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as core from "@tensorflow/tfjs-core";
import { rolldown } from "rolldown";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const coreDist = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-core"));
const namespaces = ["util", "backend_util", "slice_util", "tensor_util", "broadcast_util"];
const notice = `/*!
 * Gradient definitions of @tensorflow/tfjs-core ${core.version_core}, bundled.
 * Copyright Google LLC. Licensed under the Apache License, Version 2.0: https://www.apache.org/licenses/LICENSE-2.0
 */`;

function exportedNames(file) {
  const code = readFileSync(file, "utf8");
  const declared = [...code.matchAll(/^export (?:async )?(?:const|let|function\*?|class) (\w+)/gm)].map((match) => match[1]);
  const listed = [...code.matchAll(/^export \{([^}]*)\}/gm)].flatMap((match) =>
    match[1].split(",").map((name) => name.trim().split(/ as /).at(-1)),
  );
  const passedOn = [...code.matchAll(/^export \* from '([^']+)'/gm)].flatMap((match) =>
    exportedNames(`${join(dirname(file), match[1])}.js`),
  );
  return [...declared, ...listed, ...passedOn].filter(Boolean);
}

const renamed = { ENGINE: "core.engine()", getGlobalTensorClass: "() => core.Tensor" };

function publicExport(name) {
  if (Object.hasOwn(renamed, name)) return `export const ${name} = ${renamed[name]};`;
  if (name in core) return `export { ${name} } from "@tensorflow/tfjs-core";`;
  const namespace = namespaces.find((each) => name in core[each]);
  return namespace && `export const ${name} = core.${namespace}.${name};`;
}

const publicNames = {
  name: "public-names",
  resolveId(id, importer) {
    if (!importer?.startsWith(coreDist) || !id.startsWith(".")) return null;
    const path = join(dirname(importer), id);
    return path.endsWith(".js") ? path : `${path}.js`;
  },
  load(id) {
    const file = relative(coreDist, id).split(sep).join("/");
    if (file.startsWith("..") || file.startsWith("gradients/") || ["register_all_gradients.js", "types.js"].includes(file)) return null;
    const exports = exportedNames(id).map(publicExport).filter(Boolean);
    if (exports.length === 0) return null;
    return { code: `import * as core from "@tensorflow/tfjs-core";\n${exports.join("\n")}\n`, moduleSideEffects: false };
  },
};

const bundle = await rolldown({
  input: join(coreDist, "register_all_gradients.js"),
  external: ["@tensorflow/tfjs-core"],
  plugins: [publicNames],
});
await bundle.write({ file: join(root, "dist/gradients.js"), format: "esm", banner: notice });
await bundle.close();
rmSync(join(root, "dist/gradients.js.map"), { force: true }); // tsc's, of the unbundled file
