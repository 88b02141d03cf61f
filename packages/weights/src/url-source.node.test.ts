import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { memory, tensor } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSafetensors } from "./open-safetensors.js";
import { writeSafetensors } from "./write-safetensors.js";

const values = Float32Array.from({ length: 600_000 }, (_, index) => index);
const [a, b] = [tensor(values), tensor([7, 8])];
const file = writeSafetensors({ a, b });
let server: Server;
const addressOf = (path: string): string => `http://localhost:${(server.address() as AddressInfo).port}/${path}`;

beforeAll(async () => {
  server = createServer(({ url, headers }, response) => {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
    if (url === "/away") return response.writeHead(302, { location: "http://models.example/x" }).end();
    if (url === "/gzip") return response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(file));
    if (url === "/cut") {
      return response.writeHead(200, { "content-length": file.length }).write(file.subarray(0, 1000), () => response.destroy());
    }
    if (url === "/ranges" && first !== undefined) {
      const part = file.subarray(Number(first), Number(last) + 1);
      const range = `bytes ${first}-${Number(first) + part.length - 1}/${file.length}`;
      return response.writeHead(206, { "content-range": range, "content-length": part.length }).end(part);
    }
    return response.writeHead(200, { "content-length": file.length }).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  for (const each of [a, b]) each.dispose();
});

it.each(["ranges", "whole", "gzip"])("reads from a server of Node.js: %s", async (path) => {
  const before = memory().numTensors;
  const reader = await openSafetensors(addressOf(path));
  for (const name of ["b", "a"]) {
    const read = await reader.read(name);
    expect(read.dataSync().findIndex((value, index) => value !== (name === "a" ? values[index] : 7 + index))).toBe(-1);
    read.dispose();
  }
  await reader.close();
  expect(memory().numTensors).toBe(before);
});

it("refuses a body that breaks off", async () => {
  await expect(openSafetensors(addressOf("cut")).then((reader) => reader.read("a"))).rejects.toMatchObject({ kind: "source" });
});

it("does not follow a redirect to an address that it would refuse", async () => {
  await expect(openSafetensors(addressOf("away"))).rejects.toMatchObject({ kind: "source" });
});
