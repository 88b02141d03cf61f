import { expect, test } from "vitest";
import { buffersIn } from "./transfer-arrays.js";

test("buffersIn finds the buffer of every array in nested data, each once", () => {
  const shared = new Float32Array(4);
  const other = new Uint8Array(2);
  const data = { name: "x", list: [{ values: shared }, shared.subarray(1)], deep: { other, none: undefined, nothing: null } };
  expect(buffersIn(data)).toEqual([shared.buffer, other.buffer]);
});
