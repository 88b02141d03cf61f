import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateRawSync } from "node:zlib";

const fixtures = fileURLToPath(new URL("../../../internal/fixtures/data/models", import.meta.url));

/** The files of a small model of a family, whose weights are those of transformers, with a tokenizer of the words w0, w1, … */
export async function tinyModel(name) {
  const { weights } = JSON.parse(await readFile(join(fixtures, name, "case.json"), "utf8"));
  const config = await readFile(join(fixtures, name, "config.json"), "utf8");
  return {
    "config.json": Buffer.from(config),
    "tokenizer.json": Buffer.from(tokenizerJson(JSON.parse(config).vocab_size)),
    "model.safetensors": await readFile(join(fixtures, weights, "model.safetensors")),
  };
}

function tokenizerJson(vocabSize) {
  const words = Array.from({ length: vocabSize }, (_, id) => (id === 0 ? "[UNK]" : `w${id}`));
  return JSON.stringify({
    added_tokens: [{ id: 0, content: "[UNK]", special: true }],
    pre_tokenizer: { type: "Whitespace" },
    model: { type: "WordLevel", unk_token: "[UNK]", vocab: Object.fromEntries(words.map((word, id) => [word, id])) },
  });
}

/** Writes files into a folder. @returns its path */
export async function writeFolder(path, files) {
  await mkdir(path, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return path;
}

/** A packed zip of files. @param sizeOf what the zip tells about the size of a file, if it lies */
export function zipOf(files, sizeOf = (_name, content) => content.length) {
  const [parts, directory] = [[], []];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(sizeOf(name, content), 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = [Buffer.from("PK\u0003\u0004", "latin1"), common, Buffer.from(name), packed];
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), common, place, Buffer.from(name));
    parts.push(...local);
    at += local.reduce((sum, { length }) => sum + length, 0);
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, list, Buffer.from("PK\u0005\u0006", "latin1"), end]);
}
