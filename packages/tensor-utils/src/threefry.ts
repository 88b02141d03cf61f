const parity = 0x1bd11bda;
const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/**
 * Threefry-2x32: two random words from a key and a counter, computed with additions, rotations and xors only.
 *
 * The same key and counter always give the same words, on any thread and whatever was drawn before.
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 *
 * @param out receives the two words, each from 0 to 2^32 - 1
 * @param rounds default 20, as published; 13 is the smallest number that passes BigCrush
 */
export function threefry2x32(out: Uint32Array, key0: number, key1: number, counter0: number, counter1: number, rounds = 20): void {
  const key2 = key0 ^ key1 ^ parity;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  for (let round = 0; round < rounds; round++) {
    const shift = rotations[round & 7]!;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << shift) | (x1 >>> (32 - shift))) ^ x0;
    if ((round & 3) === 3) {
      const injection = (round >> 2) + 1;
      const phase = injection % 3;
      x0 = (x0 + (phase === 0 ? key0 : phase === 1 ? key1 : key2)) | 0;
      x1 = (x1 + (phase === 0 ? key1 : phase === 1 ? key2 : key0) + injection) | 0;
    }
  }
  out[0] = x0;
  out[1] = x1;
}
