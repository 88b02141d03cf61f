import assert from "node:assert/strict";
import { crc32 } from "node:zlib";

/** The files of an uncompressed zip archive, located by its directory. */
export function unzip(archive) {
  const end = archive.length - 22;
  assert.equal(archive.readUInt32LE(end), 0x06054b50);
  const files = {};
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [name, content, next] = readEntry(archive, at);
    files[name] = content;
    at = next;
  }
  assert.equal(at, end);
  return files;
}

/** The name and content of the directory entry at an offset, and the offset of the next one. */
function readEntry(archive, at) {
  assert.equal(archive.readUInt32LE(at), 0x02014b50);
  const after = at + 46 + archive.readUInt16LE(at + 28);
  const entry = archive.readUInt32LE(at + 42);
  assert.equal(archive.readUInt32LE(entry), 0x04034b50);
  const start = entry + 30 + archive.readUInt16LE(entry + 26) + archive.readUInt16LE(entry + 28);
  const content = archive.subarray(start, start + archive.readUInt32LE(at + 24));
  assert.equal(crc32(content), archive.readUInt32LE(at + 16));
  return [archive.toString("utf8", at + 46, after), content, after];
}
