// Compiles assembly/ with AssemblyScript into its two twins, plain and relaxed SIMD, and writes to src/generated/, of which
// nothing is committed:
// - kernel-modules.ts: the twins in base64, and the number of each kernel;
// - kernel-arguments.ts: for each class of arguments an interface and an encoder, and the numbers of assembly/constants.ts.
//
// Every `export function name(args: SomeArguments, task: u32, thread: u32): void` in assembly/kernels/ is a kernel, and every
// `@unmanaged export class SomeArguments` in assembly/ a class of arguments.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import asc from "assemblyscript/asc";
import { encoderSource } from "./argument-classes.mjs";
import { assembly, findClasses, findKernels, readSources } from "./kernel-sources.mjs";

const generated = fileURLToPath(new URL("../src/generated", import.meta.url));

function dispatchSource(kernels, classes) {
  const importsOf = (names, file) => `import { ${names} } from "./${file.slice(0, -3)}";`;
  const imports = [
    ...kernels.map(({ name, file }) => importsOf(name, file)),
    ...Array.from(classes.values(), ({ name, file }) => importsOf(name, file)),
  ];
  const cases = kernels.map(({ name, args }, number) => `    case ${number}: return ${name}(changetype<${args}>(args), task, thread);`);
  return `${imports.join("\n")}

export function dispatch(kernel: u32, args: usize, task: u32, thread: u32): void {
  switch (kernel) {
${cases.join("\n")}
  }
}
`;
}

function argumentsSource(kernels, classes, constants) {
  const used = Array.from(classes.values()).filter(({ name }) => kernels.some(({ args }) => args === name));
  return `// Written by scripts/build-kernels.mjs.

/** Where arguments go: the heap as words and as float32 numbers, and the index of the first. */
export interface ArgumentViews {
  readonly words: Uint32Array;
  readonly floats: Float32Array;
  readonly at: number;
}

${used.map(encoderSource).join("\n\n")}

/** The arguments of each kernel. */
export interface KernelArguments {
${kernels.map(({ name, args }) => `  readonly ${name}: ${args};`).join("\n")}
}

/** What writes the arguments of each kernel. */
export const encoders: { readonly [Kernel in keyof KernelArguments]: (views: ArgumentViews, args: KernelArguments[Kernel]) => void } = {
${kernels.map(({ name, args }) => `  ${name}: encode${args},`).join("\n")}
};

${constants}
`;
}

/** The numbers of assembly/constants.ts with their comments, as TypeScript. */
function constantsSource(sources) {
  const { text } = sources.find(({ file }) => file === "constants.ts");
  return text
    .slice(text.indexOf("/**"))
    .replaceAll(/: \w+ =/g, " =")
    .trim();
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

const sources = readSources();
const [kernels, classes] = [findKernels(sources), findClasses(sources)];
const dispatch = dispatchSource(kernels, classes);
const twins = { plain: await compile([], dispatch), relaxed: await compile(["--enable", "relaxed-simd"], dispatch) };
const packed = Object.entries(twins).map(
  ([name, bytes]) =>
    `/** ${bytes.length} bytes, deflated. */\nexport const ${name}: string = "${deflateRawSync(bytes, { level: 9 }).toString("base64")}";`,
);
const numbers = kernels.map(({ name }, number) => `  ${name}: ${number},`);
mkdirSync(generated, { recursive: true });
writeFileSync(join(generated, "kernel-arguments.ts"), argumentsSource(kernels, classes, constantsSource(sources)));
writeFileSync(
  join(generated, "kernel-modules.ts"),
  `// Written by scripts/build-kernels.mjs.
${packed.join("\n")}

/** The number of each kernel in the modules. */
export const kernelNumbers = {
${numbers.join("\n")}
} as const;
`,
);
