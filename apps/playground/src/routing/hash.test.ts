import { expect, test } from "vitest";
import { hashOf, parseHash } from "./hash.js";

test.each(["Is this #1? Yes & 100 %", "a=b", "", "ein Wort – zwei", "<script>alert(1)</script>", "שלום 👩‍👩‍👧"])(
  "the hash preserves a text: %s",
  (text) => {
    const { room, parameters } = parseHash(hashOf("explore", new URLSearchParams({ text })));
    expect([room, [...parameters]]).toEqual(["explore", [["text", text]]]);
  },
);

test.each([
  ["", ""],
  ["#", ""],
  ["#/", ""],
  ["#explore", "explore"],
  ["#/explore", "explore"],
  ["#/explore?v=1", "explore"],
])("%s is parsed as room %s", (hash, room) => {
  expect(parseHash(hash).room).toBe(room);
});

test.each(["v=1&text=a", "v=2&text=a", "text=a"])("a link with ?%s is read", (query) => {
  expect(parseHash(`#/explore?${query}`).parameters.get("text")).toBe("a");
});

test.each(["v=0&text=a", "v=3&text=a", "v=&text=a"])("of a link with ?%s only the room is read", (query) => {
  const { room, parameters } = parseHash(`#/explore?${query}`);
  expect([room, parameters.toString()]).toEqual(["explore", ""]);
});
