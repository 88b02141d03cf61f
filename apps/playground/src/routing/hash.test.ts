import { expect, test } from "vitest";
import { hashOf, parseHash } from "./hash.js";

test.each(["Is this #1? Yes & 100 %", "a=b", "", "ein Wort – zwei"])("a text goes through the hash unchanged: %s", (text) => {
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
])("%s leads to room %s", (hash, room) => {
  expect(parseHash(hash).room).toBe(room);
});
