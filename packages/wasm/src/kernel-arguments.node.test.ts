import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import asc from "assemblyscript/asc";
import { maskBlockLength } from "@tfblocks/tensor-utils/kernels";
import { describe, expect, it } from "vitest";
import { type ArgumentViews, ATTENTION_BLOCK, encoders } from "./generated/kernel-arguments.js";
import { plain } from "./generated/kernel-modules.js";
import type { KernelExports } from "./runtime/kernel-module.js";

interface Field {
  readonly name: string;
  readonly type: string;
  readonly isList?: boolean;
  readonly offsets: readonly number[];
}

interface ArgumentClass {
  readonly name: string;
  readonly file: string;
  readonly fields: readonly Field[];
  readonly bytes: number;
}

const scripts = new URL("../scripts/", import.meta.url);
const { readArgumentClasses } = (await import(new URL("argument-classes.mjs", scripts).href)) as {
  readArgumentClasses: (source: string) => Omit<ArgumentClass, "file">[];
};
const { assembly, findClasses, findKernels, readSources } = (await import(new URL("kernel-sources.mjs", scripts).href)) as {
  assembly: string;
  readSources: () => unknown;
  findKernels: (sources: unknown) => { readonly name: keyof typeof encoders; readonly args: string }[];
  findClasses: (sources: unknown) => Map<string, ArgumentClass>;
};

/** Compiles a module with AssemblyScript that may import from assembly/; gives its exports. */
async function compile(source: string): Promise<Record<string, (at: number) => number> & { memory: WebAssembly.Memory }> {
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const options = "test.ts -O1 --disableWarning --runtime stub --enable simd --initialMemory 1 --outFile test.wasm";
  const { error } = await asc.main(options.split(" "), {
    readFile: (name, base) => {
      if (name === "test.ts") return source;
      try {
        return readFileSync(`${assembly}/${base === "." ? "" : base}/${name}`, "utf8");
      } catch {
        return null;
      }
    },
    writeFile: (_name, contents) => {
      binary = Uint8Array.from(contents as Uint8Array);
    },
    listFiles: () => [],
    stderr: process.stderr,
  });
  if (error) throw error;
  const { instance } = await WebAssembly.instantiate(binary!);
  return instance.exports as Record<string, (at: number) => number> & { memory: WebAssembly.Memory };
}

async function instantiatePlain(): Promise<KernelExports> {
  const bytes = inflateRawSync(Buffer.from(plain, "base64"));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory, now: () => 0 } });
  return instance.exports as WebAssembly.Exports & KernelExports;
}

/** The fields as AssemblyScript names them, each with a value that shows its sign, bits and high word. */
function expectedValues({ fields }: ArgumentClass): Map<string, number> {
  let count = 0;
  const values: Record<string, (at: number) => number> = {
    usize: (at) => 2 ** 31 + at,
    u32: (at) => 2 ** 32 - 1 - at,
    i32: (at) => -1 - at,
    f32: (at) => at + 0.5,
    u64: (at) => 2 ** 40 + at,
  };
  const names = fields.flatMap(({ name, type, isList, offsets }) =>
    offsets.map((_, index) => [isList ? name + index : name, type] as const),
  );
  return new Map(names.map(([name, type]) => [name, values[type]!(count++)]));
}

describe("the arguments of a kernel", async () => {
  const sources = readSources();
  const classes = findClasses(sources);
  const imports = Array.from(classes.values(), ({ name, file }) => `import { ${name} } from "./${file.slice(0, -3)}";`);
  const readers = Array.from(classes.values(), (each) =>
    Array.from(expectedValues(each).keys(), (field) => {
      const read = `<f64>changetype<${each.name}>(at).${field}`;
      return `export function ${each.name}_${field}(at: usize): f64 { return ${read}; }`;
    }),
  );
  const module = await compile([...imports, ...readers.flat()].join("\n"));

  it.each(findKernels(sources).map(({ name, args }) => [name, args] as const))(
    "reach %s as AssemblyScript reads its %s",
    (kernel, className) => {
      const layout = classes.get(className)!;
      const values = expectedValues(layout);
      const given = layout.fields.map(({ name, isList, offsets }) => [
        name,
        isList ? offsets.map((_, index) => values.get(name + index)!) : values.get(name)!,
      ]);
      const { buffer } = module.memory;
      const views: ArgumentViews = { words: new Uint32Array(buffer), floats: new Float32Array(buffer), at: 256 };
      const encode = encoders[kernel] as (views: ArgumentViews, args: unknown) => void;
      encode(views, Object.fromEntries(given));
      for (const [field, value] of values) expect([field, module[`${className}_${field}`]!(256 * 4)]).toEqual([field, value]);
    },
  );

  it("fit between their start and the end of the control block", async () => {
    const { controlBytes, argumentsOffset } = await instantiatePlain();
    const room = controlBytes() - argumentsOffset();
    expect(Array.from(classes.values()).filter((each) => each.bytes > room)).toEqual([]);
  });
});

it("pads fields as AssemblyScript does: a 64-bit field after an odd number of 32-bit ones, and at the end", async () => {
  const source = `@unmanaged
export class OddArguments {
  /** An address: usize; */
  x: usize;
  rows: i32; // not a field: i32;
  eps: f32;
  threshold: u64;
  sizes0: i32; sizes1: i32; sizes2: i32;
  limit: u64;
  last: u32;
}
`;
  const [odd] = readArgumentClasses(source);
  const names = ["x", "rows", "eps", "threshold", "sizes0", "sizes1", "sizes2", "limit", "last"];
  const offsets = names.map((name) => `export function ${name}(): usize { return offsetof<OddArguments>("${name}"); }`);
  const size = "export function bytes(): usize { return offsetof<OddArguments>(); }";
  const module = await compile([source, ...offsets, size].join("\n"));
  expect(odd!.fields.map(({ name }) => name)).toEqual(["x", "rows", "eps", "threshold", "sizes", "limit", "last"]);
  expect(odd!.fields.flatMap((field) => field.offsets)).toEqual(names.map((name) => module[name]!(0)));
  expect(odd!.bytes).toBe(module["bytes"]!(0));
  expect(odd!.fields.find(({ name }) => name === "threshold")!.offsets).toEqual([16]);
});

it("refuses a field of a type that has no encoding", () => {
  expect(() => readArgumentClasses("@unmanaged\nexport class FlagArguments {\n  flag: bool;\n}\n")).toThrowErrorMatchingInlineSnapshot(
    `[Error: FlagArguments.flag: no encoding for the type bool]`,
  );
});

it("counts scratch memory beyond 4 GiB, which cannot be allocated, without wrapping", async () => {
  const { backwardBytes, forwardBytes, packedKeysBytes, oneQueryBytes, gemmBytes } = await instantiatePlain();
  expect(backwardBytes(2 ** 24, 64, 64)).toBeGreaterThan(2 ** 32);
  expect(backwardBytes(2 ** 24, 64, 64)).toBeLessThan(2 ** 35);
  expect(forwardBytes(2 ** 24, 2 ** 24)).toBeGreaterThan(2 ** 32);
  expect(packedKeysBytes(2 ** 24, 64)).toBe(2 ** 32);
  expect(oneQueryBytes(2 ** 29 + 1, 5)).toBe(2 ** 31 + 16 + 32);
  expect(gemmBytes(4, 8, 1)).toBe(128 + 4 * 12);
});

it("splits masks into blocks of the size that the contract names", () => {
  expect(ATTENTION_BLOCK).toBe(maskBlockLength);
});
