import { add, broadcast_util, broadcastTo, engine, fused, matMul, type Tensor } from "@tensorflow/tfjs-core";
import { Matmul } from "@tfblocks/tensor-utils/kernels";
import type { FuzzRow } from "./fuzz-case.js";
import type { FuzzSource } from "./fuzz-source.js";
import type { FuzzTensor } from "./fuzz-tensor.js";

interface Product {
  readonly a: FuzzTensor;
  readonly b: FuzzTensor;
  readonly columns: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Matrices of odd and of blocked sizes, in batches that broadcast: each of their dimensions by itself, or all at once. */
function product(source: FuzzSource, byDimension: boolean): Product {
  const [rows, columns, inner] = [source.length(), source.length(), source.length()];
  const [transposeA, transposeB] = [source.chance(0.4), source.chance(0.4)];
  const batch = Array.from({ length: source.integer(0, 2) }, () => source.integer(1, 3));
  const batchOf = () => (source.chance(0.3) ? batch.map((length) => (byDimension && source.chance(0.5) ? length : 1)) : batch);
  const kind = source.pick(["ordinary", "ordinary", "integers"] as const);
  const a = source.tensor([...batchOf(), ...(transposeA ? [inner, rows] : [rows, inner])], "float32", kind);
  const b = source.tensor([...batchOf(), ...(transposeB ? [columns, inner] : [inner, columns])], "float32", kind);
  return { a, b, columns, transposeA, transposeB };
}

/** The operands with their batches written out: tfjs's CPU backend broadcasts a batch of 1 right, but not [2, 1] to [2, 3]. */
function spread(a: Tensor, b: Tensor): [Tensor, Tensor] {
  const batch = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const whole = (each: Tensor): Tensor => broadcastTo(each, [...batch, ...each.shape.slice(-2)]);
  return [whole(a), whole(b)];
}

const tolerance = { atol: 1e-4, rtol: 1e-4 };

/** Matrix products. */
export const productRows: readonly FuzzRow[] = [
  {
    kernelName: "BatchMatMul",
    make(source) {
      const { a, b, transposeA, transposeB } = product(source, true);
      return {
        inputs: { a, b },
        call: `matMul(a, b, ${transposeA}, ${transposeB})`,
        run: (tensors) => matMul(tensors["a"]!, tensors["b"]!, transposeA, transposeB),
        oracle: (tensors) => {
          const [left, right] = spread(tensors["a"]!, tensors["b"]!);
          return matMul(left, right, transposeA, transposeB);
        },
        tolerance,
      };
    },
  },
  {
    kernelName: "_FusedMatMul",
    make(source) {
      const { a, b, columns, transposeA, transposeB } = product(source, false); // the public function knows no other
      const bias = source.tensor([columns], "float32", "ordinary");
      const activation = source.pick(["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu"] as const);
      return {
        inputs: { a, b, bias },
        call: `fused.matMul({ a, b, bias, activation: "${activation}", transposeA: ${transposeA}, transposeB: ${transposeB} })`,
        run: ({ a: left, b: right, bias: row }) => fused.matMul({ a: left!, b: right!, bias: row!, activation, transposeA, transposeB }),
        oracle: (tensors) => {
          const [left, right] = spread(tensors["a"]!, tensors["b"]!);
          return fused.matMul({ a: left, b: right, bias: tensors["bias"]!, activation, transposeA, transposeB });
        },
        tolerance,
      };
    },
  },
  {
    kernelName: Matmul,
    make(source) {
      const { a, b, columns, transposeA, transposeB } = product(source, true);
      const bias = source.tensor([columns], "float32", "ordinary");
      return {
        inputs: { a, b, bias },
        call: `${Matmul}(a, b, bias, ${transposeA}, ${transposeB})`,
        run: (tensors) => engine().runKernel(Matmul, tensors as never, { transposeA, transposeB }) as Tensor,
        oracle: (tensors) => {
          const [left, right] = spread(tensors["a"]!, tensors["b"]!);
          return add(matMul(left, right, transposeA, transposeB), tensors["bias"]!);
        },
        tolerance,
      };
    },
  },
];
