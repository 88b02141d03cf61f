import { add, div, erf, exp, grads, mul, relu, rsqrt, sigmoid, sqrt, sum, tanh, type Tensor } from "@tensorflow/tfjs-core";
import {
  GatedActivation,
  GatedActivationGrad,
  type GateName,
  Gelu,
  GeluGrad,
  Rectifier,
  RectifierGrad,
  Silu,
  SiluGrad,
} from "@tfblocks/tensor-utils/kernels";
import type { FuzzCase, FuzzRow } from "./fuzz-case.js";
import type { FuzzSource } from "./fuzz-source.js";
import { runOn } from "./run-on.js";

type Activation = (x: Tensor) => Tensor;

const tolerance = { atol: 1e-5, rtol: 2e-5 };

const formulas: Readonly<Record<GateName, Activation>> = {
  sigmoid,
  relu,
  gelu: (x) => mul(div(x, 2), add(1, erf(div(x, Math.SQRT2)))),
  geluTanh: (x) => mul(div(x, 2), add(1, tanh(mul(Math.sqrt(2 / Math.PI), add(x, mul(0.044715, mul(x, mul(x, x)))))))),
  silu: (x) => mul(x, sigmoid(x)),
};

/** The gradients of a weighted sum of what a function gives. */
export function gradientsOf(f: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[], weights: Tensor): Tensor[] {
  return grads((...at: Tensor[]) => sum(mul(f(...at), weights)))([...inputs]);
}

function unaryRow(kernelName: string, apply: Activation): FuzzRow {
  return {
    kernelName,
    make: (source) => ({ inputs: { x: source.tensor(source.shape(0)) }, call: `${kernelName}(x)`, run: ({ x }) => apply(x!), tolerance }),
  };
}

interface Choice {
  readonly attrs: object;
  readonly formula: Activation;
}

const gelus = (source: FuzzSource): Choice =>
  source.pick([
    { attrs: { approximate: "none" }, formula: formulas.gelu },
    { attrs: { approximate: "tanh" }, formula: formulas.geluTanh },
  ]);
const silus = (): Choice => ({ attrs: {}, formula: formulas.silu });
const rectifiers = (): Choice => ({ attrs: {}, formula: formulas.relu });
const gates = (source: FuzzSource): Choice => {
  const activation = source.pick(Object.keys(formulas) as GateName[]);
  return { attrs: { activation }, formula: formulas[activation] };
};

function activationRow(kernelName: string, choose: (source: FuzzSource) => Choice): FuzzRow {
  return {
    kernelName,
    make(source) {
      const { attrs, formula } = choose(source);
      return {
        inputs: { x: source.tensor(source.shape(0), "float32", source.pick(["ordinary", "edge"])) },
        call: `${kernelName}(x) with ${JSON.stringify(attrs)}`,
        run: (tensors) => runOn(kernelName, tensors, attrs),
        oracle: ({ x }) => formula(x!),
        tolerance,
      };
    },
  };
}

function activationGradRow(kernelName: string, choose: (source: FuzzSource) => Choice): FuzzRow {
  return {
    kernelName,
    make(source) {
      const { attrs, formula } = choose(source);
      const shape = source.shape(0);
      return {
        inputs: { x: source.tensor(shape, "float32", "ordinary"), dy: source.tensor(shape, "float32", "ordinary") },
        call: `${kernelName}(x, dy) with ${JSON.stringify(attrs)}`,
        run: (tensors) => runOn(kernelName, tensors, attrs),
        oracle: ({ x, dy }) => gradientsOf(formula, [x!], dy!),
        tolerance,
      };
    },
  };
}

function gated(source: FuzzSource, names: readonly string[]): FuzzCase {
  const { attrs, formula } = gates(source);
  const shape = source.shape(0);
  const forward = names.length === 2;
  const kinds = { gate: forward ? source.pick(["ordinary", "edge"] as const) : "ordinary", up: "ordinary", dy: "ordinary" } as const;
  const inputs = Object.fromEntries(names.map((name) => [name, source.tensor(shape, "float32", kinds[name as keyof typeof kinds])]));
  const apply = (gate: Tensor, up: Tensor): Tensor => mul(formula(gate), up);
  const kernelName = forward ? GatedActivation : GatedActivationGrad;
  return {
    inputs,
    call: `${kernelName}(${names.join(", ")}) with ${JSON.stringify(attrs)}`,
    run: (tensors) => runOn(kernelName, tensors, attrs),
    oracle: ({ gate, up, dy }) => (forward ? apply(gate!, up!) : gradientsOf(apply as (...inputs: Tensor[]) => Tensor, [gate!, up!], dy!)),
    tolerance,
  };
}

/** Functions of single numbers, gates, and their gradients. */
export const activationRows: readonly FuzzRow[] = [
  unaryRow("Erf", erf),
  unaryRow("Exp", exp),
  unaryRow("Rsqrt", rsqrt),
  unaryRow("Sigmoid", sigmoid),
  unaryRow("Sqrt", sqrt),
  unaryRow("Tanh", tanh),
  activationRow(Gelu, gelus),
  activationRow(Silu, silus),
  activationRow(Rectifier, rectifiers),
  activationGradRow(GeluGrad, gelus),
  activationGradRow(SiluGrad, silus),
  activationGradRow(RectifierGrad, rectifiers),
  { kernelName: GatedActivation, make: (source) => gated(source, ["gate", "up"]) },
  { kernelName: GatedActivationGrad, make: (source) => gated(source, ["gate", "up", "dy"]) },
];
