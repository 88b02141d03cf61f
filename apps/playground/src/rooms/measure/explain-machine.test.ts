import type { WasmInfo } from "@tfblocks/wasm";
import { expect, test } from "vitest";
import { explainMachine } from "./explain-machine.js";

const info: WasmInfo = {
  kernels: "fast",
  simd: true,
  relaxedSimd: true,
  threads: { asked: 4, got: 4 },
  crossOriginIsolated: true,
  replaced: ["Softmax"],
  added: ["FusedAttention"],
  refusals: [],
};
const named = (changed: Partial<WasmInfo>, processors = 4) =>
  Object.fromEntries(explainMachine({ ...info, ...changed }, processors).map((fact) => [fact.name, fact]));

test("a machine that has everything needs no advice", () => {
  const facts = explainMachine(info, 4);
  expect(facts.map(({ value }) => value)).toEqual(["yes, 128 bits", "yes", "4 on 4 processors", "yes", "2 of tfblocks"]);
  expect(facts.every(({ isGood, advice }) => isGood && advice === undefined)).toBe(true);
});

test("a page that is not isolated has one thread and says how to get more", () => {
  const { Threads, Isolation } = named({
    threads: { asked: 4, got: 1 },
    crossOriginIsolated: false,
    refusals: ["one thread: not isolated"],
  });
  expect(Threads).toMatchObject({ value: "1 on 4 processors", isGood: false, advice: "Isolate the page, see the next row." });
  expect(Isolation!.advice).toMatch(/over https, in a tab of its own that is not private, and reload it/);
});

test("an isolated page without threads passes on the reason as a sentence", () => {
  expect(named({ threads: { asked: 4, got: 1 }, refusals: ["one thread: a worker was refused"] })["Threads"]!.advice).toBe(
    "One thread: a worker was refused.",
  );
});

test("one processor is no fault of the browser", () => {
  expect(named({ threads: { asked: 1, got: 1 } }, 1)["Threads"]).toMatchObject({ value: "1 on 1 processor", isGood: true });
});

test("a browser without SIMD has none of the kernels", () => {
  const { SIMD, Kernels } = named({ simd: false, relaxedSimd: false, kernels: "off" });
  expect(SIMD!.advice).toMatch(/Safari from 16\.4/);
  expect(Kernels).toMatchObject({ value: "only those of TensorFlow.js", advice: "They need SIMD." });
});
