const blockSize = 32;
const scratch = new DataView(new ArrayBuffer(4));

/** How GGUF stores a tensor, by bits of a weight: the numbers of its type, the bytes of 32 weights, and how weights become bytes. */
export const formats = {
  32: { name: "F32", type: 0, fileType: 0, blockBytes: 128, encode: floats },
  8: { name: "Q8_0", type: 8, fileType: 7, blockBytes: 34, encode: (weights) => blocks(weights, 34, writeQ8) },
  4: { name: "Q4_0", type: 2, fileType: 2, blockBytes: 18, encode: (weights) => blocks(weights, 18, writeQ4) },
};

/** Bytes of so many weights. */
export const bytesOf = ({ blockBytes }, count) => (count / blockSize) * blockBytes;

function floats({ buffer, byteOffset, byteLength }) {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Blocks of 32 weights, each written by `write(view, byte, block)`. */
function blocks(weights, blockBytes, write) {
  const view = new DataView(new ArrayBuffer((weights.length / blockSize) * blockBytes));
  for (let at = 0, byte = 0; at < weights.length; at += blockSize, byte += blockBytes) {
    write(view, byte, weights.subarray(at, at + blockSize));
  }
  return new Uint8Array(view.buffer);
}

/** A float16 scale, the largest weight / 127, and 32 codes of 8 bits; ties are rounded away from 0. */
function writeQ8(view, byte, block) {
  const scale = Math.fround(Math.abs(farthest(block)) / 127);
  const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
  view.setUint16(byte, float16(scale), true);
  for (let index = 0; index < blockSize; index++) {
    const steps = Math.fround(block[index] * inverse);
    view.setInt8(byte + 2 + index, Math.sign(steps) * Math.floor(Math.abs(steps) + 0.5));
  }
}

/** A float16 scale, which gives the weight farthest from 0 the code 0, and codes of 4 bits: the first 16 low, the others high. */
function writeQ4(view, byte, block) {
  const scale = Math.fround(farthest(block) / -8);
  const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
  const code = (weight) => Math.min(15, Math.trunc(Math.fround(Math.fround(weight * inverse) + 8.5)));
  view.setUint16(byte, float16(scale), true);
  for (let index = 0; index < blockSize / 2; index++) {
    view.setUint8(byte + 2 + index, code(block[index]) | (code(block[index + blockSize / 2]) << 4));
  }
}

/** The first of the weights that are farthest from 0. */
function farthest(block) {
  let found = 0;
  for (let index = 0; index < block.length; index++) if (Math.abs(block[index]) > Math.abs(found)) found = block[index];
  return found;
}

/** The bits of the nearest float16, ties to even, of a number below 65520. */
export function float16(value) {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const exponent = Math.max(((bits >>> 23) & 255) - 127, -14);
  const steps = nearestEven(Math.abs(value) * 2 ** (10 - exponent)); // 1024 and more, unless the number is subnormal
  return ((bits >>> 16) & 0x8000) | (((exponent + 14) << 10) + steps);
}

function nearestEven(value) {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
