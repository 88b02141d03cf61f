import { dispose, scalar, type Tensor, type Variable, zerosLike } from "@tensorflow/tfjs-core";
import {
  checkNumber,
  checkObject,
  checkShapes,
  checkUnknown,
  describeValue,
  hold,
  isFiniteFloat,
  isPositive,
  isRate,
  own,
  type ParameterMap,
  refuse,
  scope,
  ShapeError,
  type StateDict,
  ValueError,
} from "@tfblocks/tensor-utils";
import { type AdamWState, readAdamWState } from "./adamw-state.js";
import { adamWUpdate } from "./adamw-update.js";
import type { Gradients } from "./gradients.js";
import type { Optimizer, StepOptions } from "./optimizer.js";

/** Parameters with settings of their own; a parameter belongs to the first group that matches it. */
export interface AdamWGroup {
  readonly match: (name: string, variable: Variable) => boolean;
  /** In place of the optimizer's. */
  readonly weightDecay?: number;
  /** Factor of every step's learning rate; default 1. */
  readonly learningRate?: number;
}

/** Options of {@link AdamW}. */
export interface AdamWOptions {
  /** Default 1e-3. */
  readonly learningRate?: number;
  /** Decay of the two moments; default [0.9, 0.999]. */
  readonly betas?: readonly [beta1: number, beta2: number];
  /** Added to the root of the second moment; default 1e-8. */
  readonly eps?: number;
  /** Share of each parameter that a step of learning rate 1 takes away; default 0.01. */
  readonly weightDecay?: number;
  /** Default none: every parameter decays. */
  readonly groups?: readonly AdamWGroup[];
}

/**
 * Adam with decoupled weight decay, by PyTorch's formula:
 *
 * m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g²;
 * p = (1 - learningRate weightDecay) p - learningRate / (1 - beta1^t) · m / (sqrt(v / (1 - beta2^t)) + eps).
 *
 * t counts the steps of each parameter. Source: Loshchilov and Hutter 2019. Runs the `AdamWUpdate` kernel where the
 * active backend has it.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { AdamW } from "@tfblocks/training";
 * // Norms and biases do not decay.
 * const optimizer = new AdamW({ weightDecay: 0.1, groups: [{ match: (_name, { rank }) => rank < 2, weightDecay: 0 }] });
 * optimizer.dispose();
 * ```
 */
export class AdamW implements Optimizer {
  readonly learningRate: number;
  readonly betas: readonly [beta1: number, beta2: number];
  readonly eps: number;
  readonly weightDecay: number;
  readonly groups: readonly AdamWGroup[];
  #state = new Map<string, AdamWState>();

  /** @throws ValueError when an option is unknown or out of its range */
  constructor(options: AdamWOptions = {}) {
    const {
      learningRate = 1e-3,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0.01,
      groups = [],
      ...unknown
    } = checkObject("AdamW", "options", options);
    checkUnknown("AdamW", "options", unknown);
    checkAtLeast0("AdamW", "learningRate", learningRate);
    checkList("betas", "two numbers", betas, 2);
    checkList("groups", "a list", groups);
    betas.forEach((beta, index) => checkNumber("AdamW", `betas[${index}]`, "a number in [0, 1)", beta, isRate));
    checkNumber("AdamW", "eps", "a positive number", eps, isPositive);
    checkAtLeast0("AdamW", "weightDecay", weightDecay);
    groups.forEach(checkGroup);
    this.learningRate = learningRate;
    this.betas = betas;
    this.eps = eps;
    this.weightDecay = weightDecay;
    this.groups = groups;
  }

  /**
   * One step of every parameter that has a gradient; the others, and their moments, stay as they are.
   *
   * @throws ValueError when a gradient has no parameter or the learning rate is no finite number >= 0
   * @throws ShapeError, DTypeError, DisposedError when a gradient is no live float32 tensor of its parameter's shape;
   *   whatever the fault, no parameter has moved
   */
  step(parameters: ParameterMap, gradients: Readonly<Gradients>, options: StepOptions = {}): void {
    const { learningRate = this.learningRate, ...unknown } = checkObject("AdamW.step", "options", options);
    checkUnknown("AdamW.step", "options", unknown);
    checkAtLeast0("AdamW.step", "learningRate", learningRate);
    const names = Object.keys(gradients);
    for (const name of names) this.#check(name, parameters[name], gradients[name]!);
    for (const name of names) this.#update(name, parameters[name]!, gradients[name]!, learningRate);
  }

  /** `m.` and `v.` and each parameter's name: its moments; `step.` and the name: an int32 scalar, its steps so far. */
  stateDict(): StateDict {
    return Object.fromEntries(
      [...this.#state].flatMap(([name, { m, v, step }]): [string, Tensor][] => [
        [`m.${name}`, own(m)],
        [`v.${name}`, own(v)],
        [`step.${name}`, scalar(step, "int32")],
      ]),
    );
  }

  /**
   * Goes on from a {@link stateDict}, bit for bit.
   *
   * @param parameters those that will be moved; default any
   * @throws StateDictError that names every missing moment and step count, everything else that is there, for example
   *   moments of other parameters, and every moment that does not have its parameter's shape
   * @throws ShapeError, DTypeError, DisposedError when a tensor is not what `stateDict` gives
   * @throws ValueError when a step count is negative, a moment not finite, or a second moment negative; on a graphics
   *   processor, where looking would stall it, moments are taken as they are
   */
  loadStateDict(state: StateDict, parameters?: ParameterMap): void {
    const read = readAdamWState("AdamW.loadStateDict", checkObject("AdamW.loadStateDict", "state", state), parameters);
    this.dispose();
    for (const [name, { m, v, step }] of read) this.#state.set(name, { m: hold(m), v: hold(v), step });
  }

  /** Forgets the moments. */
  dispose(): void {
    for (const { m, v } of this.#state.values()) dispose([m, v]);
    this.#state.clear();
  }

  #check(name: string, parameter: Variable | undefined, gradient: Tensor): void {
    if (parameter === undefined) {
      refuse(ValueError, "AdamW.step", `gradients["${name}"]`, "the gradient of a parameter", "a name that parameters lack");
    }
    checkShapes("AdamW.step", { [`parameters["${name}"]`]: [parameter, "..."], [`gradients["${name}"]`]: [gradient, "..."] });
    checkSameShape(`gradients["${name}"]`, gradient, parameter);
    const moments = this.#state.get(name);
    if (moments !== undefined) checkSameShape(`parameters["${name}"]`, parameter, moments.m);
  }

  #update(name: string, parameter: Variable, gradient: Tensor, learningRate: number): void {
    const { weightDecay = this.weightDecay, learningRate: factor = 1 } = this.groups.find(({ match }) => match(name, parameter)) ?? {};
    const [beta1, beta2] = this.betas;
    const before = this.#state.get(name);
    const step = (before?.step ?? 0) + 1;
    const attrs = { learningRate: learningRate * factor, beta1, beta2, eps: this.eps, weightDecay, step };
    scope(() => {
      const { m, v } = before ?? { m: zerosLike(parameter), v: zerosLike(parameter) };
      const [next, newM, newV] = adamWUpdate(parameter, gradient, m, v, attrs);
      const state = { m: hold(newM), v: hold(newV), step };
      parameter.assign(next);
      this.#state.set(name, state);
    });
    if (before !== undefined) dispose([before.m, before.v]);
  }
}

function checkList(argument: string, expected: string, value: unknown, length?: number): void {
  if (Array.isArray(value) && (length === undefined || value.length === length)) return;
  refuse(ValueError, "AdamW", argument, expected, describeValue(value));
}

function checkGroup(group: AdamWGroup, index: number): void {
  const { match, weightDecay = 0, learningRate = 1, ...unknown } = checkObject("AdamW", `groups[${index}]`, group);
  checkUnknown("AdamW", `groups[${index}]`, unknown);
  if (typeof match !== "function") refuse(ValueError, "AdamW", `groups[${index}].match`, "a function of a name", describeValue(match));
  checkAtLeast0("AdamW", `groups[${index}].weightDecay`, weightDecay);
  checkAtLeast0("AdamW", `groups[${index}].learningRate`, learningRate);
}

function checkAtLeast0(operation: string, argument: string, value: number): void {
  checkNumber(operation, argument, "a number >= 0", value, (number) => isFiniteFloat(number) && number >= 0);
}

function checkSameShape(argument: string, { shape }: Tensor, wanted: Tensor): void {
  if (shape.join() !== wanted.shape.join()) {
    refuse(ShapeError, "AdamW.step", argument, `[${wanted.shape.join(", ")}]`, `[${shape.join(", ")}]`);
  }
}
