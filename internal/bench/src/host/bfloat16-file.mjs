/** How many numbers are drawn; the file repeats them. */
const drawn = 2 ** 16;

/**
 * A source that makes the bytes of a safetensors file of bfloat16 weights on demand, so that a gigabyte needs no disk, in Node.js and in a
 * page.
 *
 * @param tensors shapes by name
 */
export function bfloat16File(tensors) {
  const { header, size } = headerOf(tensors);
  const weights = new Uint8Array(Uint16Array.from({ length: drawn }, (_, at) => bfloat16(0.02 * Math.sin(at * at))).buffer);
  const fill = (into, begin) => {
    for (let at = 0; at < into.length;) {
      const position = begin + at;
      const [from, start] = position < header.length ? [header, position] : [weights, (position - header.length) % weights.length];
      const part = from.subarray(start, start + into.length - at);
      into.set(part, at);
      at += part.length;
    }
    return into;
  };
  return { size, read: async (begin, end, _signal, into = new Uint8Array(end - begin)) => fill(into, begin), close: async () => {} };
}

/** The length of the JSON, 8 bytes, and the JSON: https://github.com/huggingface/safetensors#format */
function headerOf(tensors) {
  let offset = 0;
  const entries = Object.entries(tensors).map(([name, shape]) => {
    const begin = offset;
    offset += 2 * shape.reduce((product, size) => product * size, 1);
    return [name, { dtype: "BF16", shape, data_offsets: [begin, offset] }];
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const header = new Uint8Array(8 + json.length);
  new DataView(header.buffer).setBigUint64(0, BigInt(json.length), true);
  header.set(json, 8);
  return { header, size: header.length + offset };
}

/** The upper half of a float32 number. */
function bfloat16(value) {
  return new Uint32Array(Float32Array.of(value).buffer)[0] >>> 16;
}
