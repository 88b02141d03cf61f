import { crc32, inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { pngUri } from "./png.js";

/** The chunks of a PNG, with their checksums compared. */
function chunks(png: Buffer): [type: string, data: Buffer][] {
  const found: [string, Buffer][] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    found.push([body.toString("latin1", 0, 4), body.subarray(4)]);
    at += length + 12;
  }
  return found;
}

it.each([
  [1, 1],
  [3, 2],
  [300, 300],
])("a PNG of %i × %i inflates to its pixels", (width, height) => {
  const pixels = Uint8Array.from({ length: width * height }, (_, index) => (index * 7) % 251);
  const png = Buffer.from(pngUri(pixels, width, height, [[1, 2, 3]]).replace("data:image/png;base64,", ""), "base64");
  const [header, palette, data, end] = chunks(png);
  expect([header![0], palette![0], data![0], end![0]]).toEqual(["IHDR", "PLTE", "IDAT", "IEND"]);
  expect([header![1].readUInt32BE(0), header![1].readUInt32BE(4)]).toEqual([width, height]);
  const lines = inflateSync(data![1]);
  const rows = Array.from({ length: height }, (_, row) => lines.subarray(row * (width + 1) + 1, (row + 1) * (width + 1)));
  expect(Buffer.concat(rows).equals(pixels)).toBe(true);
});
