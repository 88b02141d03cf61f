import type { SafetensorsFault } from "../safetensors-error.js";
import { fileOf, makeFile } from "./make-file.js";

/** A file that breaks one rule, with the rule. */
export interface Malformed {
  readonly title: string;
  readonly kind: SafetensorsFault;
  readonly file: Uint8Array;
}

const f32 = (shape: readonly number[], begin: number, end: number) => ({ dtype: "F32", shape, data_offsets: [begin, end] });
const entry = (shape: string, offsets: string, dtype = '"F32"') => `{"a":{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}}`;
const text = (header: string) => new TextEncoder().encode(header);

const malformed = (title: string, kind: SafetensorsFault, file: Uint8Array): Malformed => ({ title, kind, file });

export const malformedFiles: readonly Malformed[] = [
  malformed("nothing", "truncated", new Uint8Array()),
  malformed("seven bytes", "truncated", new Uint8Array(7)),
  malformed("a header longer than the file", "truncated", fileOf(text("{}"), 0, 3n)),
  malformed("a header one byte over the limit", "headerSize", fileOf(text("{}"), 0, 100_000_001n)),
  malformed("a header of 2^53 bytes", "headerSize", fileOf(text("{}"), 0, 2n ** 53n)),
  malformed("a header of 2^64 - 1 bytes", "headerSize", fileOf(text("{}"), 0, 2n ** 64n - 1n)),
  malformed("an empty header", "json", fileOf(text(""))),
  malformed("a header of white space", "json", makeFile("   ")),
  malformed("white space before the header", "json", makeFile(" {}")),
  malformed("a byte order mark", "json", makeFile("\uFEFF{}")),
  malformed("bytes that are not UTF-8", "json", fileOf(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))),
  malformed("an overlong UTF-8 sequence", "json", fileOf(Uint8Array.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x7d]))),
  malformed("an escaped lone surrogate", "json", makeFile('{"\\ud800":1}')),
  malformed("an unfinished object", "json", makeFile('{"a":{}')),
  malformed("an unfinished string", "json", makeFile('{"a')),
  malformed("a string that ends in its escape", "json", makeFile('{"a\\"')),
  malformed("a raw control character in a name", "json", makeFile('{"a\n":1}')),
  malformed("single quotes", "json", makeFile("{'a':1}")),
  malformed("a trailing comma", "json", makeFile(`${JSON.stringify({ a: f32([], 0, 4) }).slice(0, -1)},}`, 4)),
  malformed("a comment", "json", makeFile("{}//")),
  malformed("a second value", "json", makeFile("{}{}")),
  malformed("a zero byte after the object", "json", makeFile("{}\0")),
  malformed("thousands of levels", "json", makeFile(`{"a":${"[".repeat(100_000)}`)),
  malformed("a shape of thousands of sizes", "json", makeFile(entry(`[${"1,".repeat(4096)}1]`, "[0,4]"), 4)),
  malformed("a number with a leading zero", "json", makeFile(entry("[01]", "[0,4]"), 4)),
  malformed("Infinity as a size", "json", makeFile(entry("[Infinity]", "[0,4]"), 4)),
  malformed("an array", "json", makeFile("[]")),
  malformed("null", "json", makeFile("null")),
  malformed("a duplicate tensor", "duplicate", makeFile('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":null}', 4)),
  malformed("a duplicate tensor by an escape", "duplicate", makeFile(`{"a":1,"\\u0061":1}`)),
  malformed("a duplicate dtype", "duplicate", makeFile('{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}', 4)),
  malformed("duplicate metadata", "duplicate", makeFile('{"__metadata__":{},"__metadata__":{}}')),
  malformed("a number in the metadata", "header", makeFile({ __metadata__: { a: 1 } })),
  malformed("metadata in an array", "header", makeFile({ __metadata__: [] })),
  malformed("metadata of null", "header", makeFile({ __metadata__: null })),
  malformed("a tensor of null", "header", makeFile({ a: null })),
  malformed("a tensor without a shape", "header", makeFile({ a: { dtype: "F32", data_offsets: [0, 4] } }, 4)),
  malformed("a tensor with an extra field", "header", makeFile({ a: { ...f32([], 0, 4), strides: [] } }, 4)),
  malformed("a dtype that is not a string", "header", makeFile(entry("[1]", "[0,4]", "32"), 4)),
  malformed("an unknown dtype", "dtype", makeFile(entry("[1]", "[0,4]", '"F128"'), 4)),
  malformed("a dtype in lower case", "dtype", makeFile(entry("[1]", "[0,4]", '"f32"'), 4)),
  malformed("a dtype named like a property of every object", "dtype", makeFile(entry("[1]", "[0,4]", '"constructor"'), 4)),
  malformed("a size of 1.0", "header", makeFile(entry("[1.0]", "[0,4]"), 4)),
  malformed("a size of 1e0", "header", makeFile(entry("[1e0]", "[0,4]"), 4)),
  malformed("a size of -1", "header", makeFile(entry("[-1]", "[0,4]"), 4)),
  malformed("a size of -0", "header", makeFile(entry("[-0]", "[0,0]"))),
  malformed("a size of 2^53", "header", makeFile(entry("[9007199254740992]", "[0,4]"), 4)),
  malformed("a size that is a string", "header", makeFile(entry('["1"]', "[0,4]"), 4)),
  malformed("a shape that is a number", "header", makeFile(entry("1", "[0,4]"), 4)),
  malformed("an offset of 4.0", "header", makeFile(entry("[1]", "[0,4.0]"), 4)),
  malformed("three offsets", "header", makeFile(entry("[1]", "[0,4,4]"), 4)),
  malformed("offsets that run backwards", "header", makeFile(entry("[0]", "[4,0]"), 4)),
  malformed("sizes whose product exceeds 2^64", "size", makeFile(entry("[4294967296,4294967296,1]", "[0,4]"), 4)),
  malformed("sizes whose product wraps to the right one", "size", makeFile(entry("[5,5581,8681,49477,384773,4]", "[0,16]"), 16)),
  malformed(
    "sizes whose product is right only when rounded",
    "size",
    makeFile(entry("[3,3002399751580331]", "[0,4503599627370496]", '"F4"')),
  ),
  malformed("sizes over 2^64 before a zero", "size", makeFile(entry("[4294967296,4294967296,0]", "[0,0]"))),
  malformed("more data than shape and dtype need", "size", makeFile({ a: f32([1], 0, 8) }, 8)),
  malformed("less data than shape and dtype need", "size", makeFile({ a: f32([2], 0, 4) }, 4)),
  malformed("half a byte", "size", makeFile(entry("[1]", "[0,1]", '"F4"'), 1)),
  malformed("a first tensor that leaves a hole", "layout", makeFile({ a: f32([1], 4, 8) }, 8)),
  malformed("a hole between tensors", "layout", makeFile({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12)),
  malformed("tensors that overlap", "layout", makeFile({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8)),
  malformed("two tensors in one place", "layout", makeFile({ a: f32([1], 0, 4), b: f32([1], 0, 4) }, 4)),
  malformed("an empty tensor beyond the others", "layout", makeFile({ a: f32([1], 0, 4), b: f32([0], 8, 8) }, 8)),
  malformed("bytes after the last tensor", "layout", makeFile({ a: f32([1], 0, 4) }, 5)),
  malformed("bytes after no tensor", "layout", makeFile({}, 1)),
  malformed("a tensor that ends after the file", "truncated", makeFile({ a: f32([2], 0, 8) }, 7)),
];

/** A valid file that looks unusual, with the shapes of its tensors by name. */
export interface WellFormed {
  readonly title: string;
  readonly file: Uint8Array;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

const wellFormed = (title: string, file: Uint8Array, shapes: WellFormed["shapes"], metadata = {}): WellFormed => ({
  title,
  file,
  shapes,
  metadata,
});

export const wellFormedFiles: readonly WellFormed[] = [
  wellFormed("no tensors", makeFile({}), {}),
  wellFormed("no tensors and metadata", makeFile({ __metadata__: { format: "pt" } }), {}, { format: "pt" }),
  wellFormed("empty metadata", makeFile({ __metadata__: {} }), {}),
  wellFormed("a number", makeFile({ a: f32([], 0, 4) }, 4), { a: [] }),
  wellFormed("a size of 0", makeFile({ a: f32([0], 0, 0) }), { a: [0] }),
  wellFormed("a size of 0 among others", makeFile({ a: f32([3, 0, 5], 0, 0) }), { a: [3, 0, 5] }),
  wellFormed("empty tensors at both ends", makeFile({ c: f32([0], 4, 4), b: f32([1], 0, 4), a: f32([0], 0, 0) }, 4), {
    a: [0],
    b: [1],
    c: [0],
  }),
  wellFormed("many sizes of 1", makeFile({ a: f32([1, 1, 1, 1, 1, 1], 0, 4) }, 4), { a: [1, 1, 1, 1, 1, 1] }),
  wellFormed("names in another order than the data", makeFile({ b: f32([1], 4, 8), a: f32([1], 0, 4) }, 8), { a: [1], b: [1] }),
  wellFormed("spaces after the header", makeFile(`${JSON.stringify({ a: f32([1], 0, 4) })}     `, 4), { a: [1] }),
  wellFormed("every kind of white space", makeFile('{ "a" :\t{"dtype": "F32",\n "shape": [ 1 , 2 ],\r\n "data_offsets": [0, 8]}}\n', 8), {
    a: [1, 2],
  }),
  wellFormed("data at an odd address", makeFile(`${JSON.stringify({ a: f32([1], 0, 4) })} `, 4), { a: [1] }),
  wellFormed(
    "types of one byte before wider ones",
    makeFile({ a: { dtype: "U8", shape: [1], data_offsets: [0, 1] }, b: f32([1], 1, 5) }, 5),
    { a: [1], b: [1] },
  ),
  wellFormed(
    "names that every object has",
    makeFile(
      '{"__proto__":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"constructor":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}',
      8,
    ),
    { ["__proto__"]: [], constructor: [] },
  ),
  wellFormed("an empty name", makeFile({ "": f32([], 0, 4) }, 4), { "": [] }),
  wellFormed(
    "names in Unicode and escapes",
    makeFile('{"\\u65e5\\ud83d\\ude00\\"\\\\":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}', 4),
    { '日😀"\\': [] },
  ),
  wellFormed("a name that is a path", makeFile({ "../../etc/passwd": f32([], 0, 4) }, 4), { "../../etc/passwd": [] }),
  wellFormed("fields in another order", makeFile('{"a":{"data_offsets":[0,4],"shape":[1],"dtype":"F32"}}', 4), { a: [1] }),
  wellFormed("NaN and infinities", makeFile({ a: f32([2], 0, 8) }, [0, 0, 0xc0, 0x7f, 0, 0, 0x80, 0xff]), { a: [2] }),
  wellFormed("metadata named like an object's prototype", makeFile('{"__metadata__":{"__proto__":"x"}}'), {}, { ["__proto__"]: "x" }),
];
