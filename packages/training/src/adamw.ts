import { dispose, scalar, type Tensor, type Variable, zerosLike } from "@tensorflow/tfjs-core";
import {
  checkObject,
  checkOptions,
  checkShapes,
  hold,
  own,
  type ParameterMap,
  refuse,
  scope,
  ShapeError,
  type StateDict,
  ValueError,
} from "@tfblocks/tensor-utils";
import { type AdamWGroup, type AdamWOptions, resolveAdamWOptions } from "./adamw-options.js";
import { type AdamWState, readAdamWState } from "./adamw-state.js";
import { adamWUpdate } from "./adamw-update.js";
import { checkNotNegative } from "./checks.js";
import type { Optimizer, StepOptions } from "./optimizer.js";
import type { Gradients } from "./value-and-gradients.js";

/**
 * Adam with decoupled weight decay, by PyTorch's formula:
 *
 * m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g²;
 * p = (1 - learningRate weightDecay) p - learningRate / (1 - beta1^t) · m / (sqrt(v / (1 - beta2^t)) + eps).
 *
 * t is the number of steps of each parameter. Source: Loshchilov and Hutter 2019. Runs the `AdamWUpdate` kernel if the
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

  /** @throws ValueError when an option is unknown or outside its range */
  constructor(options: AdamWOptions = {}) {
    const { learningRate, betas, eps, weightDecay, groups } = resolveAdamWOptions(options);
    this.learningRate = learningRate;
    this.betas = betas;
    this.eps = eps;
    this.weightDecay = weightDecay;
    this.groups = groups;
  }

  /**
   * Updates every parameter that has a gradient. The other parameters and their moments do not change. If it throws, no
   * parameter has changed.
   *
   * @throws ValueError when a gradient has no parameter, the learning rate is negative or not finite, or an option is
   *   unknown
   * @throws ShapeError, DTypeError, DisposedError when a gradient is not a live float32 tensor of its parameter's shape
   */
  step(parameters: ParameterMap, gradients: Readonly<Gradients>, options: StepOptions = {}): void {
    const { learningRate = this.learningRate } = checkOptions("AdamW.step", options, { learningRate: true });
    checkNotNegative("AdamW.step", "learningRate", learningRate);
    const names = Object.keys(gradients);
    for (const name of names) this.#check(name, parameters[name], gradients[name]!);
    for (const name of names) this.#update(name, parameters[name]!, gradients[name]!, learningRate);
  }

  /** For each parameter its moments, `m.<name>` and `v.<name>`, and its number of steps `step.<name>`, an int32 scalar. */
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
   * Resumes from a {@link stateDict}, bit for bit.
   *
   * @param parameters the parameters to train; default any
   * @throws StateDictError that names every missing moment and step count, every unexpected entry, for example the
   *   moments of other parameters, and every moment that does not have its parameter's shape
   * @throws ShapeError, DTypeError, DisposedError when a tensor is not what `stateDict` returns
   * @throws ValueError when a step count is negative, a moment is not finite, or a second moment is negative. On a
   *   graphics processor moments are not checked, because reading them would stall it
   */
  loadStateDict(state: StateDict, parameters?: ParameterMap): void {
    const read = readAdamWState("AdamW.loadStateDict", checkObject("AdamW.loadStateDict", "state", state), parameters);
    this.dispose();
    for (const [name, { m, v, step }] of read) this.#state.set(name, { m: hold(m), v: hold(v), step });
  }

  /** Frees the moments; the next step starts without them. */
  dispose(): void {
    for (const { m, v } of this.#state.values()) dispose([m, v]);
    this.#state.clear();
  }

  #check(name: string, parameter: Variable | undefined, gradient: Tensor): void {
    if (parameter === undefined) {
      refuse(ValueError, "AdamW.step", `gradients["${name}"]`, "the gradient of a parameter", "a name without a parameter");
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

function checkSameShape(argument: string, { shape }: Tensor, wanted: Tensor): void {
  if (shape.join() !== wanted.shape.join()) {
    refuse(ShapeError, "AdamW.step", argument, `[${wanted.shape.join(", ")}]`, `[${shape.join(", ")}]`);
  }
}
