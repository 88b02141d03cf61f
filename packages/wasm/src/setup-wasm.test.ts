import {
  add,
  engine,
  env,
  getBackend,
  getKernel,
  ones,
  registerBackend,
  removeBackend,
  setBackend,
  softmax,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { setupWasm, type SetupWasmOptions } from "@tfblocks/wasm";
import { use } from "@tfblocks/testkit";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import { canShareMemory, hasRelaxedSimd } from "./runtime/features.js";

const inBrowser = typeof window !== "undefined";
const got = (threads: number) => (canShareMemory() ? threads : 1);
const notIsolated =
  inBrowser && !crossOriginIsolated ? [expect.stringMatching(/^one thread: the page is not cross-origin isolated; serve/)] : [];
const sample = () => tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [2, 4]);

async function softmaxOfSample(): Promise<number[]> {
  const x = sample();
  const y = softmax(x);
  const numbers = [...(await y.data())];
  x.dispose();
  y.dispose();
  return numbers;
}

afterEach(() => {
  if (engine().registryFactory["wasm"] !== undefined) removeBackend("wasm");
});

describe("setupWasm", () => {
  it("makes the WASM backend of tfjs the active one and reports what it started", async () => {
    const info = await setupWasm({ threads: 2 });
    expect(getBackend()).toBe("wasm");
    expect(info).toMatchObject({
      kernels: "fast",
      simd: true,
      relaxedSimd: hasRelaxedSimd(),
      threads: { asked: 2, got: got(2) },
      crossOriginIsolated: !inBrowser || crossOriginIsolated,
      refusals: notIsolated,
    });
    expect(info.replaced).toContain("Softmax");
    expect(new Set([...info.replaced, ...info.added]).size).toBe(info.replaced.length + info.added.length);
    expect(info.added.filter((name) => getKernel(name, "wasm") === undefined)).toEqual([]);
  });

  it("restores the global Worker", async () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, "Worker");
    await setupWasm({ threads: 2 });
    expect(Object.getOwnPropertyDescriptor(globalThis, "Worker")).toEqual(before);
  });

  it("restores the kernels of tfjs, bit for bit, with kernels off", async () => {
    expect(await setupWasm({ threads: 1, kernels: "off" })).toMatchObject({ kernels: "off", replaced: [], added: [] });
    const [stock, before] = [getKernel("Softmax", "wasm"), await softmaxOfSample()];
    await setupWasm({ threads: 1, kernels: "fast" });
    expect(getKernel("Softmax", "wasm")).not.toBe(stock);
    await setupWasm({ threads: 1, kernels: "off" });
    expect(getKernel("Softmax", "wasm")).toBe(stock);
    expect(await softmaxOfSample()).toEqual(before);
  });

  it("evaluates the flags of tfjs, so that getBool gives them", async () => {
    await setupWasm({ threads: 1 });
    expect(env().getBool("WASM_HAS_SIMD_SUPPORT")).toBe(true);
    expect(env().getBool("WASM_HAS_MULTITHREAD_SUPPORT")).toBeTypeOf("boolean");
  });

  it("prints the warnings of tfjs's own kernels", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await setupWasm({ threads: 1, kernels: "off" });
    const one = () => ones([1, 1, 1, 1, 1, 1, 2]);
    use(() => add(one(), one()));
    expect(warn.mock.calls.join()).toContain("XNN status");
  });
});

describe("setupWasm on a limited machine", () => {
  it("runs on one thread where the browser has no shared memory, and says so", async () => {
    vi.stubGlobal("SharedArrayBuffer", undefined);
    try {
      const refusals =
        notIsolated.length > 0 ? notIsolated : [expect.stringMatching(/^one thread: this browser cannot share memory between threads;/)];
      expect(await setupWasm({ threads: 2 })).toMatchObject({ threads: { asked: 2, got: 1 }, refusals });
      expect(await softmaxOfSample()).toHaveLength(8);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("uses the plain module and kernels of tfjs where there is no SIMD", async () => {
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    const info = await setupWasm({ threads: 2 });
    expect(info).toMatchObject({ kernels: "off", simd: false, relaxedSimd: false, threads: { got: 1 }, replaced: [] });
    expect(info.refusals).toEqual([expect.stringMatching(/no 128-bit SIMD/)]);
    expect((await softmaxOfSample())[0]).toBeCloseTo(0.0320586);
  });

  it("caps threads at twice the processors, and says so", async () => {
    const info = await setupWasm({ threads: 1000 });
    expect(info.threads.asked).toBe(1000);
    expect(info.threads.got).toBeLessThanOrEqual(64);
    expect(info.refusals).toContainEqual(expect.stringMatching(/^\d+ of 1000 threads: ask for at most \d+/));
  });
});

describe("a further call of setupWasm", () => {
  it("returns what is running, for the same options", async () => {
    const first = await setupWasm({ threads: 2 });
    const backend = engine().registry["wasm"];
    expect(await setupWasm({ threads: 2 })).toEqual(first);
    expect(engine().registry["wasm"]).toBe(backend);
  });

  it("starts a new backend for other options while no tensor lives", async () => {
    await setupWasm({ threads: 2 });
    const backend = engine().registry["wasm"];
    const info = await setupWasm({ threads: 1, relaxedSimd: false });
    expect(engine().registry["wasm"]).not.toBe(backend);
    expect(info).toMatchObject({ threads: { asked: 1, got: 1 }, relaxedSimd: false, refusals: [] });
  });

  it("runs overlapping calls one after the other", async () => {
    const asked = [1, 2, 1, 2];
    const infos = await Promise.all(asked.map((threads) => setupWasm({ threads })));
    expect(infos.map(({ threads }) => threads.got)).toEqual(asked.map(got));
    expect(await softmaxOfSample()).toHaveLength(8);
  });

  it("starts again after its backend was removed", async () => {
    await setupWasm({ threads: 2 });
    const before = await softmaxOfSample();
    removeBackend("wasm");
    expect(engine().registry["wasm"]).toBeUndefined();
    await setupWasm({ threads: 2 });
    expect(await softmaxOfSample()).toEqual(before);
  });

  it("keeps the running backend when another cannot be started", async () => {
    await setupWasm({ threads: 1 });
    const before = await softmaxOfSample();
    const wasmPaths = inBrowser ? "data:text/html,nothing" : "/nowhere";
    await expect(setupWasm({ threads: 2, wasmPaths })).rejects.toThrow(/^setupWasm: /);
    expect(await softmaxOfSample()).toEqual(before);
    expect(await setupWasm({ threads: 1 })).toMatchObject({ threads: { got: 1 }, refusals: [] });
  });
});

describe("setupWasm while tensors live", () => {
  it("keeps them, and says that other options do not apply", async () => {
    await setupWasm({ threads: 1 });
    const x = sample();
    const info = await setupWasm({ threads: 2, kernels: "off" });
    expect(info).toMatchObject({ kernels: "off", threads: { asked: 2, got: 1 }, refusals: [expect.stringMatching(/holds tensors/)] });
    expect([...(await x.data())]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await setupWasm({ threads: 1 })).refusals).toEqual([]);
    x.dispose();
    expect(await setupWasm({ threads: 2 })).toMatchObject({ threads: { got: got(2) }, refusals: notIsolated });
  });

  it("keeps a tensor that was created while it started another backend", async () => {
    await setupWasm({ threads: 1 });
    const pending = setupWasm({ threads: 2 });
    const x = use(sample());
    expect((await pending).refusals).toEqual([expect.stringMatching(/holds tensors/)]);
    expect([...(await x.data())]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("takes over a backend that tfjs started with its tensors, and replaces it once they are disposed", async () => {
    const { BackendWasm } = await import("@tensorflow/tfjs-backend-wasm");
    const { startModule } = await import("./tfjs/start-module.js");
    const { default: paths } = await import("./tfjs/default-wasm-paths.js");
    const module = await startModule({ simd: true, shared: false, wasmPaths: paths, timeout: 5000 });
    registerBackend("wasm", () => new BackendWasm(module));
    await setBackend("wasm");
    const x = sample();
    const info = await setupWasm({ threads: 2 });
    expect(info).toMatchObject({ kernels: "fast", threads: { asked: 2, got: 1 } });
    expect(info.refusals).toEqual([expect.stringMatching(/^one thread: the running backend holds tensors/)]);
    expect([...(await x.data())]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    x.dispose();
    expect((await setupWasm({ threads: 2 })).threads.got).toBe(got(2));
  });
});

describe("an option", () => {
  test.each([
    [{ threads: 0 }, /threads must be an integer >= 1, got 0/],
    [{ threads: -1 }, /threads must be an integer >= 1, got -1/],
    [{ threads: NaN }, /threads must be an integer >= 1, got NaN/],
    [{ threads: 1.5 }, /threads must be an integer >= 1, got 1.5/],
    [{ threads: "2" }, /threads must be an integer >= 1, got "2"/],
    [{ kernels: "best" }, /kernels must be "fast", "repair" or "off", got "best"/],
    [{ relaxedSimd: 1 }, /relaxedSimd must be true or false, got 1/],
    [{ timeout: 0 }, /timeout must be a number of milliseconds > 0, got 0/],
    [{ timeout: Infinity }, /timeout must be/],
    [{ wasmPaths: 1 }, /wasmPaths must be an object, got 1/],
    [{ wasmPaths: { "tfjs.wasm": "a" } }, /wasmPaths must be a folder, or the URLs of .*, got tfjs.wasm,a/],
    [{ wasmPaths: { "tfjs-backend-wasm.wasm": 1 } }, /wasmPaths must be a folder, or the URLs/],
    [{ thread: 2 }, /setupWasm: unknown option "thread"; known options: threads/],
    [null, /options must be an object, got null/],
  ])("out of range is rejected: %o", async (options, message) => {
    await expect(setupWasm(options as SetupWasmOptions)).rejects.toThrow(message);
    expect(engine().registryFactory["wasm"]).toBeUndefined();
  });
});
