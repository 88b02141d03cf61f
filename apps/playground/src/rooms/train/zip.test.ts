import { crc32 as crc32OfNode } from "node:zlib";
import fc from "fast-check";
import { test } from "vitest";
import { crc32 } from "./zip.js";

// e2e/training-room.test.mjs opens whole archives.
test("the checksum is the same as that of Node.js", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === crc32OfNode(bytes)));
});
