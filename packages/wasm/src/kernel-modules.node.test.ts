import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync, inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { kernelNumbers, plain, relaxed } from "./generated/kernel-modules.js";

const folder = fileURLToPath(new URL("..", import.meta.url));
const generated = `${folder}/src/generated/kernel-modules.ts`;
const twins = Object.entries({ plain, relaxed }).map(([name, base64]) => [name, inflateRawSync(Buffer.from(base64, "base64"))] as const);

/** The ids of the sections of a module, each with its start and size. */
function sectionsOf(bytes: Buffer): number[] {
  const ids: number[] = [];
  for (let at = 8; at < bytes.length;) {
    ids.push(bytes[at++]!);
    let [size, shift] = [0, 0];
    for (; bytes[at]! >= 128; shift += 7) size += (bytes[at++]! & 127) * 2 ** shift;
    at += size + bytes[at]! * 2 ** shift + 1;
  }
  return ids;
}

describe.each(twins)("the %s twin", (_, bytes) => {
  it("is a module of WebAssembly with code and without data, which would overwrite tfjs's heap", () => {
    expect(sectionsOf(bytes)).toContain(10);
    expect(sectionsOf(bytes)).not.toContain(11);
    expect(sectionsOf(bytes)).not.toContain(8); // start function
  });
});

it("both twins together take at most 60 kB gzipped", () => {
  expect(twins.reduce((sum, [, bytes]) => sum + gzipSync(bytes, { level: 9 }).length, 0)).toBeLessThan(60_000);
});

it("is built reproducibly from its sources", () => {
  const before = readFileSync(generated, "utf8");
  execFileSync(process.execPath, [`${folder}/scripts/build-kernels.mjs`]);
  expect(readFileSync(generated, "utf8")).toBe(before);
  expect(Object.keys(kernelNumbers).length).toBeGreaterThan(3);
});
