import type { Precision } from "./group-size.js";

// The layout of the kernel QuantizedMatmul: four outputs make a quad, whose codes are interleaved.

/** Where codes of a matrix `[outFeatures, inFeatures]` are in memory. */
export interface CodeLayout {
  readonly outFeatures: number;
  readonly inFeatures: number;
  readonly bits: Precision["bits"];
}

/** The shape of the int32 tensor that holds the codes. */
export function codesShape({ outFeatures, inFeatures, bits }: CodeLayout): [quads: number, words: number] {
  return [Math.ceil(outFeatures / 4), (inFeatures * bits) / 8];
}

/** The shape of scales and offsets. */
export function scalesShape({ outFeatures, inFeatures }: CodeLayout, groupSize: number): [quads: number, groups: number, four: 4] {
  return [Math.ceil(outFeatures / 4), inFeatures / groupSize, 4];
}

/**
 * Writes rows of codes `[rows, inFeatures]`, each from 0 to 2^bits - 1, into the words of the kernel.
 *
 * @param first the index of the first row
 */
export function interleave(codes: Uint8Array, words: Int32Array, first: number, layout: CodeLayout): void {
  const [, perQuad] = codesShape(layout);
  const { inFeatures, bits } = layout;
  const fours = asWords(codes); // four codes a word
  const perRow = inFeatures / 4;
  for (let row = 0; row < codes.length / inFeatures; row++) {
    const to = placeOfRow(first + row, perQuad);
    const from = row * perRow;
    if (bits === 8) for (let at = 0; at < perRow; at++) words[to + 4 * at] = fours[from + at]! ^ middle;
    else for (let at = 0; at < perRow; at += 2) words[to + 2 * at] = fours[from + at]! | (fours[from + at + 1]! << 4);
  }
}

/** Reads rows of codes from the words of the kernel, or of some of its quads: the inverse of {@link interleave}. */
export function deinterleave(words: Int32Array, layout: CodeLayout): Uint8Array {
  const [, perQuad] = codesShape(layout);
  const { outFeatures, inFeatures, bits } = layout;
  const fours = new Int32Array((outFeatures * inFeatures) / 4);
  const perRow = inFeatures / 4;
  for (let row = 0; row < outFeatures; row++) {
    const from = placeOfRow(row, perQuad);
    const to = row * perRow;
    if (bits === 8) for (let at = 0; at < perRow; at++) fours[to + at] = words[from + 4 * at]! ^ middle;
    else for (let at = 0; at < perRow; at++) fours[to + at] = (words[from + 4 * (at >> 1)]! >>> (4 * (at & 1))) & lowNibbles;
  }
  return new Uint8Array(fours.buffer);
}

/** Four codes of 8 bits that stand for 0. */
const middle = 0x80808080;

const lowNibbles = 0x0f0f0f0f;

/** The index of the first word of a row; the others follow in steps of four. */
function placeOfRow(row: number, perQuad: number): number {
  return (row >> 2) * perQuad + (row & 3);
}

function asWords(bytes: Uint8Array): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** Writes numbers of groups `[rows, groups]` into `[quads, groups, 4]`. @param first the index of the first row */
export function interleaveGroups(values: Float32Array, quads: Float32Array, first: number, groups: number): void {
  for (let at = 0; at < values.length; at++) quads[placeInQuads(at + first * groups, groups)] = values[at]!;
}

/** The inverse of {@link interleaveGroups}. */
export function deinterleaveGroups(quads: Float32Array, outFeatures: number, groups: number): Float32Array {
  const values = new Float32Array(outFeatures * groups);
  for (let at = 0; at < values.length; at++) values[at] = quads[placeInQuads(at, groups)]!;
  return values;
}

function placeInQuads(at: number, groups: number): number {
  const [output, group] = [Math.floor(at / groups), at % groups];
  return ((output >> 2) * groups + group) * 4 + (output & 3);
}
