import wabt from "wabt";

const accumulators = 12; // with x and y they fill 14 of the 16 vector registers, and cover the latency of the additions
const unrolled = 4;

/** Multiplications and additions of one iteration of the multiply-add kernels. */
export const flopsPerIteration = accumulators * unrolled * 4 * 2;
/** Bytes that the reading kernel goes through. */
export const bytesRead = 256 * 2 ** 20;

const repeat = (count, line) => Array.from({ length: count }, (_, index) => line(index)).join("\n");

/** acc = acc · x + y, in `accumulators` chains that do not wait for each other. */
const multiplyAdd = (step) => `(module
  (func (export "run") (param $iterations i32) (result f32)
    (local $x v128) (local $y v128) ${repeat(accumulators, (index) => `(local $a${index} v128)`)}
    (local.set $x (f32x4.splat (f32.const 0.999)))
    (local.set $y (f32x4.splat (f32.const 0.001)))
    (loop $more
      ${repeat(accumulators * unrolled, (index) => step(`$a${index % accumulators}`))}
      (br_if $more (local.tee $iterations (i32.sub (local.get $iterations) (i32.const 1)))))
    ${repeat(accumulators - 1, (index) => `(local.set $a0 (f32x4.add (local.get $a0) (local.get $a${index + 1})))`)}
    (f32x4.extract_lane 0 (local.get $a0))))`;

const plainStep = (a) => `(local.set ${a} (f32x4.add (f32x4.mul (local.get ${a}) (local.get $x)) (local.get $y)))`;
const relaxedStep = (a) => `(local.set ${a} (f32x4.relaxed_madd (local.get $x) (local.get $y) (local.get ${a})))`;

/** Adds up the whole memory, eight vectors at a time. */
const streamingRead = `(module
  (memory (export "memory") ${bytesRead / 65536})
  (func (export "run") (param $end i32) (result f32)
    (local $at i32) ${repeat(8, (index) => `(local $a${index} v128)`)}
    (loop $more
      ${repeat(8, (i) => `(local.set $a${i} (f32x4.add (local.get $a${i}) (v128.load offset=${16 * i} (local.get $at))))`)}
      (br_if $more (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 128))) (local.get $end))))
    ${repeat(7, (index) => `(local.set $a0 (f32x4.add (local.get $a0) (local.get $a${index + 1})))`)}
    (f32x4.extract_lane 0 (local.get $a0))))`;

/** The kernels that measure what a runtime can do at most, as base64 of WebAssembly modules. */
export async function peakModules() {
  const toolkit = await wabt();
  const assembled = (name, text) => {
    const { buffer } = toolkit.parseWat(`${name}.wat`, text, { relaxed_simd: true }).toBinary({});
    return Buffer.from(buffer).toString("base64");
  };
  return {
    multiplyAdd: assembled("multiply-add", multiplyAdd(plainStep)),
    relaxedMultiplyAdd: assembled("relaxed-multiply-add", multiplyAdd(relaxedStep)),
    read: assembled("read", streamingRead),
  };
}
