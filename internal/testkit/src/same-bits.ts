import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { fusedBackendNames, useBackend } from "./backends.js";

/** Asserts that a computation gives the same bits on every thread count of our WASM backend, for each of its twins. */
export function expectSameBits(run: () => Tensor[]): Promise<void> {
  return expectSameBitsWithin(run, (name) => name.split(",")[0]!);
}

/** {@link expectSameBits} for both twins alike: a computation that rounds no multiply-add. */
export function expectSameBitsOfTwins(run: () => Tensor[]): Promise<void> {
  return expectSameBitsWithin(run, () => "both");
}

async function expectSameBitsWithin(run: () => Tensor[], kindOf: (name: string) => string): Promise<void> {
  const results = new Map<string, readonly Uint8Array[]>();
  for (const name of fusedBackendNames) {
    await useBackend(name);
    const kind = kindOf(name);
    const bits = bitsOf(run);
    const known = results.get(kind) ?? bits;
    results.set(kind, known);
    bits.forEach((each, index) => expect(sameBytes(each, known[index]!), `output ${index} on ${name}`).toBe(true));
  }
}

function bitsOf(run: () => Tensor[]): Uint8Array[] {
  const outputs = tidy(run);
  const bits = outputs.map((each) => new Uint8Array(each.dataSync().slice().buffer));
  for (const each of outputs) each.dispose();
  return bits;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
