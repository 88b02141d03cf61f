/** The last element that is kept when elements are taken in descending order. Of equal elements the one with the larger index comes first. */
export interface Cut {
  readonly value: number;
  readonly index: number;
}

interface Digit {
  readonly shift: number;
  readonly count: number;
  /** The sign, which puts negative values first. */
  readonly flip: number;
}

/** The bits of a float32 in three digits, from the highest. */
const digits: readonly Digit[] = [
  { shift: 21, count: 2048, flip: 1024 },
  { shift: 10, count: 2048, flip: 0 },
  { shift: 0, count: 1024, flip: 0 },
];
const minusInfinity = 0xff800000 | 0;

/**
 * Takes elements in descending order and returns the last one: an element is taken while `keeps` is true for the weight of
 * all elements before it, or that weight is 0.
 *
 * A radix selection: it sums weights by the leading bits of the values, then looks only into the group where the cut is, so
 * its time is proportional to the number of elements.
 *
 * Elements of -Infinity are never taken.
 *
 * @param values without NaN, of which the largest is finite
 * @param weights >= 0 of the elements; undefined counts each as 1
 * @param keeps true up to a weight, and false beyond it
 */
export function lastKept(values: Float32Array, weights: Float32Array | undefined, keeps: (before: number) => boolean): Cut {
  const takes = (before: number) => before === 0 || keeps(before);
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let group: Uint32Array | undefined;
  let before = 0;
  for (const digit of digits) {
    const { sums, lowest } = sumsByDigit(bits, group, weights, digit);
    let value = digit.count - 1;
    while (value > lowest && takes(before + sums[value]!)) before += sums[value--]!;
    group = withDigit(bits, group, digit, value);
  }
  return lastOfEqual(values, weights, group!, before, takes);
}

/** The indices of the `count` largest elements, largest first; of equal elements the one with the smaller index. */
export function indicesOfLargest(values: Float32Array, count: number): number[] {
  const { value } = lastKept(values, undefined, (before) => before < count);
  const candidates: number[] = [];
  for (let index = 0; index < values.length; index++) if (values[index]! >= value && values[index] !== -Infinity) candidates.push(index);
  candidates.sort((a, b) => values[b]! - values[a]! || a - b);
  for (let index = 0; index < values.length && candidates.length < count; index++) if (values[index] === -Infinity) candidates.push(index);
  return candidates.slice(0, count);
}

/** Whether an element comes after the cut. */
export function isBelow({ value, index: last }: Cut, other: number, index: number): boolean {
  return other < value || (other === value && index < last);
}

/** Continues within elements that are equal, from the largest index. */
function lastOfEqual(
  values: Float32Array,
  weights: Float32Array | undefined,
  group: Uint32Array,
  before: number,
  keeps: (before: number) => boolean,
): Cut {
  if (group.length === 0) return { value: -Infinity, index: 0 };
  const weightAt = (at: number) => (weights === undefined ? 1 : weights[group[at]!]!);
  let at = group.length - 1;
  let total = before + weightAt(at);
  while (at > 0 && keeps(total)) total += weightAt(--at);
  return { value: values[group[at]!]!, index: group[at]! };
}

/** The sum of the weights by one digit of the values, in a group or among all, and the lowest digit that occurs. */
function sumsByDigit(bits: Int32Array, group: Uint32Array | undefined, weights: Float32Array | undefined, digit: Digit) {
  const sums = new Float64Array(digit.count);
  const size = group?.length ?? bits.length;
  let lowest = digit.count - 1;
  for (let at = 0; at < size; at++) {
    const index = group === undefined ? at : group[at]!;
    if (bits[index] === minusInfinity) continue;
    const value = digitOf(bits[index]!, digit);
    sums[value]! += weights === undefined ? 1 : weights[index]!;
    if (value < lowest) lowest = value;
  }
  return { sums, lowest };
}

/** The elements, of a group or of all, with one value of a digit. */
function withDigit(bits: Int32Array, group: Uint32Array | undefined, digit: Digit, value: number): Uint32Array {
  const found: number[] = [];
  const size = group?.length ?? bits.length;
  for (let at = 0; at < size; at++) {
    const index = group === undefined ? at : group[at]!;
    if (bits[index] !== minusInfinity && digitOf(bits[index]!, digit) === value) found.push(index);
  }
  return Uint32Array.from(found);
}

/** One digit of a value: digits from the highest are in the order of the values. -0 equals 0. */
function digitOf(bits: number, { shift, count, flip }: Digit): number {
  if (bits << 1 === 0) return flip; // 0 and -0
  const ordered = bits ^ ((bits >> 31) & 0x7fffffff); // signed integers in the order of the values, without a branch on the sign
  return ((ordered >>> shift) & (count - 1)) ^ flip;
}
