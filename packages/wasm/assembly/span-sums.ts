// Integer sums of one span of inputs: four quads of outputs for one row, or one quad for four rows.
//
// `addUp` of the classes of codes-8.ts and codes-4.ts leaves four results here, since a function returns only one. Each thread has its
// own. Quads are `weightLine` bytes apart, rows `inputLine` bytes; `nibble` has 15 in each byte.
export let integers0: v128 = i32x4(0, 0, 0, 0);
export let integers1: v128 = i32x4(0, 0, 0, 0);
export let integers2: v128 = i32x4(0, 0, 0, 0);
export let integers3: v128 = i32x4(0, 0, 0, 0);

@inline
export function setIntegers(first: v128, second: v128, third: v128, fourth: v128): void {
  integers0 = first;
  integers1 = second;
  integers2 = third;
  integers3 = fourth;
}

/** sums + products of eight codes with inputs of two bytes. */
@inline
export function addPairs(sums: v128, codes: v128, x: v128): v128 {
  return i32x4.add(sums, i32x4.dot_i16x8_s(codes, x));
}

/** Folds sums of pairs, two lanes for each output, into one lane for each. */
@inline
export function foldPairs(first: v128, second: v128): v128 {
  const even = i8x16.shuffle(first, second, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
  const odd = i8x16.shuffle(first, second, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  return i32x4.add(even, odd);
}
