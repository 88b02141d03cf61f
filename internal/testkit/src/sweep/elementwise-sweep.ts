import { type SweepCase, sweepShapes, sweepTensor, sweepTypes, type SweepType } from "./sweep-case.js";

const ofNumbers = [
  "Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh Elu Erf Exp Expm1 Floor IsFinite IsInf IsNan LeakyRelu Log Log1p Neg",
  "Reciprocal Relu Relu6 Round Rsqrt Selu Sigmoid Sign Sin Sinh Softplus Sqrt Square Step Tan Tanh",
].flatMap((line) => line.split(" "));
const ofAll = ["Identity", "OnesLike", "ZerosLike", "Reshape", "ExpandDims"];
const ofTwoNumbers =
  "Add Sub Multiply RealDiv SquaredDifference Maximum Minimum Pow FloorDiv Mod Equal NotEqual Greater GreaterEqual Less LessEqual Atan2".split(
    " ",
  );
const ofTwoBooleans = ["LogicalAnd", "LogicalOr", "Equal", "NotEqual"];
const unaryAttrs: Readonly<Record<string, object>> = { LeakyRelu: { alpha: 0.25 }, Step: { alpha: 0.5 }, ExpandDims: { dim: 0 } };

function unary(kernelName: string, shape: readonly number[], dtype: SweepType): SweepCase {
  const attrs = kernelName === "Reshape" ? { shape: [shape.reduce((product, size) => product * size, 1)] } : (unaryAttrs[kernelName] ?? {});
  return { kernelName, inputs: { x: sweepTensor(shape, dtype) }, attrs };
}

/** What broadcasts with a shape: itself, a number, every second dimension, the last ones. */
function partners(shape: readonly number[]): (readonly number[])[] {
  if (shape.length === 0) return [shape];
  const every = (from: number) => shape.map((size, axis) => (axis % 2 === from ? size : 1));
  return [shape, [], every(0), every(1), shape.slice(Math.ceil(shape.length / 2))];
}

function binary(kernelName: string, dtype: SweepType, names: readonly [string, string] = ["a", "b"]): SweepCase[] {
  return sweepShapes.flatMap((shape) =>
    partners(shape).flatMap((other) => {
      const orders =
        names[0] === "a"
          ? ([
              [shape, other],
              [other, shape],
            ] as const)
          : ([[shape, other]] as const);
      return orders.map(([first, second]) => ({
        kernelName,
        inputs: { [names[0]]: sweepTensor(first, dtype), [names[1]]: sweepTensor(second, dtype, 3) },
        attrs: {},
      }));
    }),
  );
}

/** Functions of one and of two tensors, in every rank, empty and broadcast. */
export function elementwiseSweep(): SweepCase[] {
  return [
    ...sweepShapes.flatMap((shape) => [
      ...ofNumbers.map((name) => unary(name, shape, "float32")),
      ...ofNumbers.filter((name) => name !== "Erf").map((name) => unary(name, shape, "int32")), // erf 5 is 1 in float32, below in float64
      ...ofAll.flatMap((name) => sweepTypes.map((dtype) => unary(name, shape, dtype))),
      unary("LogicalNot", shape, "bool"),
      ...sweepTypes.flatMap((from) =>
        sweepTypes.map((dtype) => ({ kernelName: "Cast", inputs: { x: sweepTensor(shape, from) }, attrs: { dtype } })),
      ),
      ...(["float32", "int32"] as const).map((dtype) => ({
        kernelName: "ClipByValue",
        inputs: { x: sweepTensor(shape, dtype) },
        attrs: { clipValueMin: -1, clipValueMax: 1 },
      })),
      ...sweepTypes.map((dtype) => ({ kernelName: "Fill", inputs: {}, attrs: { shape, value: 1, dtype } })),
      ...(["float32", "int32"] as const).map((dtype) => ({
        kernelName: "AddN",
        inputs: [sweepTensor(shape, dtype), sweepTensor(shape, dtype, 1), sweepTensor(shape, dtype, 2)],
        attrs: {},
      })),
      { kernelName: "EluGrad", inputs: { dy: sweepTensor(shape, "float32"), y: sweepTensor(shape, "float32", 1) }, attrs: {} },
    ]),
    ...ofTwoNumbers.flatMap((name) => (["float32", "int32"] as const).flatMap((dtype) => binary(name, dtype))),
    ...ofTwoBooleans.flatMap((name) => binary(name, "bool")),
    ...binary("BitwiseAnd", "int32"),
    ...binary("Prelu", "float32", ["x", "alpha"]),
  ];
}
