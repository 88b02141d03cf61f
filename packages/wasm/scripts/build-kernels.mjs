// Compiles assembly/ with AssemblyScript into its two twins, plain and relaxed SIMD, and writes them as
// src/generated/kernel-modules.ts (base64) with the number of each kernel. Nothing of it is committed.
//
// Every `export function name(args: usize, task: u32, thread: u32): void` in assembly/kernels/ is a kernel.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import asc from "assemblyscript/asc";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const assembly = join(root, "assembly");

/** Each kernel with the file it is in, in an order that depends on names alone. */
function findKernels() {
  const files = readdirSync(join(assembly, "kernels")).filter((name) => name.endsWith(".ts"));
  const found = files.flatMap((file) => {
    const text = readFileSync(join(assembly, "kernels", file), "utf8");
    const names = [...text.matchAll(/^export function (\w+)\(args: usize, task: u32, thread: u32\): void/gm)];
    return names.map(([, name]) => ({ name, file: file.slice(0, -3) }));
  });
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function dispatchSource(kernels) {
  const imports = kernels.map(({ name, file }) => `import { ${name} } from "./kernels/${file}";`);
  const cases = kernels.map(({ name }, number) => `    case ${number}: return ${name}(args, task, thread);`);
  return `${imports.join("\n")}

export function dispatch(kernel: u32, args: usize, task: u32, thread: u32): void {
  switch (kernel) {
${cases.join("\n")}
  }
}
`;
}

/**
 * The memory is declared shared, with tfjs's 4 GiB as the limit; the loader clears that flag where it is not. Level 1
 * keeps the order of loads and sums as written: what higher levels make of it spills registers.
 */
const options =
  "index.ts -O1 --noAssert --disableWarning 112 --runtime stub --enable simd --enable threads --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536";

/** The dispatch over all kernels exists only while compiling. */
async function compile(features, dispatch) {
  let binary;
  const { error } = await asc.main([...options.split(" "), ...features, "--outFile", "kernels.wasm"], {
    readFile: (name, base) => {
      if (name === "dispatch.ts") return dispatch;
      try {
        return readFileSync(join(assembly, base === "." ? "" : base, name), "utf8");
      } catch {
        return null;
      }
    },
    writeFile: (_name, contents) => {
      binary = contents;
    },
    listFiles: () => [],
    stderr: process.stderr,
  });
  if (error) throw new Error(`AssemblyScript: ${error.message}`);
  return binary;
}

const kernels = findKernels();
const dispatch = dispatchSource(kernels);
const twins = { plain: await compile([], dispatch), relaxed: await compile(["--enable", "relaxed-simd"], dispatch) };
const packed = Object.entries(twins).map(
  ([name, bytes]) =>
    `/** ${bytes.length} bytes, deflated. */\nexport const ${name}: string = "${deflateRawSync(bytes, { level: 9 }).toString("base64")}";`,
);
const numbers = kernels.map(({ name }, number) => `  ${name}: ${number},`);
mkdirSync(join(root, "src/generated"), { recursive: true });
writeFileSync(
  join(root, "src/generated/kernel-modules.ts"),
  `// Written by scripts/build-kernels.mjs.
${packed.join("\n")}

/** The number of each kernel in the modules. */
export const kernelNumbers = {
${numbers.join("\n")}
} as const;
`,
);
