import { expect, test } from "vitest";
import { isolated } from "./isolated.js";

test("adds the headers of isolation and keeps the rest", async () => {
  const response = isolated(new Response("text", { status: 201, headers: { "Content-Type": "text/css", "Content-Length": "4" } }));
  expect([response.status, await response.text(), response.headers.get("Content-Type")]).toEqual([201, "text", "text/css"]);
  expect(response.headers.get("Content-Length")).toBe("4");
  expect(response.headers.get("Cross-Origin-Opener-Policy")).toBe("same-origin");
});

test("the length of a compressed body is not that of its text", () => {
  const { headers } = isolated(new Response("text", { headers: { "Content-Encoding": "gzip", "Content-Length": "99" } }));
  expect([headers.has("Content-Encoding"), headers.has("Content-Length")]).toEqual([false, false]);
});

test("an empty answer and an error stay what they are", () => {
  expect(isolated(new Response(null, { status: 304 })).status).toBe(304);
  const error = Response.error();
  expect(isolated(error)).toBe(error);
});
