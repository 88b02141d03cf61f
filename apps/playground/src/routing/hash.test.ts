import { expect, test } from "vitest";
import { hashOf, parseHash } from "./hash.js";

test.each(["Is this #1? Yes & 100 %", "a=b", "", "ein Wort – zwei"])("the hash preserves a text: %s", (text) => {
  const { room, parameters } = parseHash(hashOf("attention", new URLSearchParams({ text })));
  expect([room, parameters.get("text")]).toEqual(["attention", text]);
});

test.each([
  ["", ""],
  ["#", ""],
  ["#/", ""],
  ["#attention", "attention"],
  ["#/attention", "attention"],
  ["#/attention?v=1", "attention"],
])("%s is parsed as room %s", (hash, room) => {
  expect(parseHash(hash).room).toBe(room);
});
