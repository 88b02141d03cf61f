import { serialization, Tensor, type Variable, zeros } from "@tensorflow/tfjs-core";
import { layers, LayerVariable } from "@tensorflow/tfjs-layers";
import { ValueError } from "./errors.js";
import "./gradients.js";
import {
  argumentNames,
  callPlain,
  checkClassName,
  checkJson,
  checkOutput,
  type LayerArguments,
  type LayerBlock,
  type LayerCall,
  type LayerCallOptions,
  type PlainBlock,
} from "./layer-call.js";
import { checkBlock, checkOptions } from "./options.js";
import { Random } from "./random.js";
import { refuse } from "./refuse.js";
import { scope } from "./scope.js";

export type { LayerArguments, LayerBlock, LayerCall, LayerCallOptions, PlainBlock };

type Shapes = Parameters<layers.Layer["computeOutputShape"]>[0];
type Shape = (number | null)[];

/** A parameter of a block as a weight of a layer; both have one value. */
class BlockVariable extends LayerVariable {
  constructor(variable: Variable, name: string) {
    super(variable, variable.dtype, name, variable.trainable);
    this.val.dispose(); // its own copy
    Object.assign(this, { val: variable });
  }

  override get trainable(): boolean {
    return this.val.trainable;
  }

  override set trainable(trainable: boolean) {
    this.val.trainable = trainable;
  }
}

interface Contents<Kind> {
  readonly operation: string;
  /** Called once, when the layer is built. */
  readonly block: () => Kind;
  readonly call: LayerCall<Kind> | undefined;
  readonly owns: boolean;
}

class BlockLayer<Kind extends LayerBlock> extends layers.Layer {
  static className = "BlockLayer";
  readonly #contents: Contents<Kind>;
  readonly #random: Random;
  #block: Kind | undefined;
  #calls = 0;

  constructor(contents: Contents<Kind>, { seed = 0, ...args }: LayerArguments) {
    super(args as ConstructorParameters<typeof layers.Layer>[0]);
    this.supportsMasking = contents.call !== undefined;
    this.#contents = contents;
    this.#random = new Random(seed);
  }

  override build(inputShape: Shapes): void {
    this.#block = this.#contents.block();
    const weights = Object.entries(this.#block.parameters()).map(([name, each]) => new BlockVariable(each, name));
    this._trainableWeights = weights.filter(({ trainable }) => trainable);
    this.nonTrainableWeights = weights.filter(({ trainable }) => !trainable); // frozen ones stay so when the layer is thawed
    super.build(inputShape);
  }

  override apply(...[inputs, kwargs]: Parameters<layers.Layer["apply"]>): ReturnType<layers.Layer["apply"]> {
    this.dtype = [inputs].flat()[0]!.dtype; // tells computeOutputShape
    return super.apply(inputs, kwargs);
  }

  override call(inputs: Tensor | Tensor[], kwargs: { readonly [name: string]: unknown } = {}): Tensor | Tensor[] {
    const mask = kwargs["mask"] instanceof Tensor ? kwargs["mask"] : undefined;
    const training = kwargs["training"] === true;
    return this.#run([inputs].flat(), { training, seed: training ? this.#nextSeed() : 0, mask });
  }

  /** The shape of the output for an input of zeros. A size is open if it differs between two sizes of what is open in the input. */
  override computeOutputShape(inputShape: Shapes): Shapes {
    const inputs = (Array.isArray(inputShape[0]) ? inputShape : [inputShape]) as Shape[];
    const [small, large] = [1, 2].map((open) => this.#shapesFor(inputs, open));
    const shapes = small!.map((shape, index) => shape.map((size, axis) => (size === large![index]![axis] ? size : null)));
    return (shapes.length === 1 ? shapes[0]! : shapes) as Shapes;
  }

  #shapesFor(inputs: readonly Shape[], open: number): number[][] {
    return scope(() => {
      const tensors = inputs.map((shape) =>
        zeros(
          shape.map((size) => size ?? open),
          this.dtype,
        ),
      );
      return [this.#run(tensors, { training: false, seed: 0, mask: undefined })].flat().map(({ shape }) => shape);
    });
  }

  #run(inputs: readonly Tensor[], options: LayerCallOptions): Tensor | Tensor[] {
    const { operation, call = callPlain(operation) as LayerCall<Kind> } = this.#contents;
    return scope(() => checkOutput(operation, call(this.#block!, inputs, options)));
  }

  #nextSeed(): number {
    return this.#random.split(this.#calls++).uint32();
  }

  protected override disposeWeights(): number {
    if (!this.#contents.owns) return 0;
    const count = this.weights.length;
    this.#block?.dispose();
    return count;
  }

  /** What tfjs saves of any layer. */
  protected baseConfig(): serialization.ConfigDict {
    return super.getConfig();
  }

  override getConfig(): serialization.ConfigDict {
    return refuse(
      ValueError,
      this.#contents.operation,
      `layer "${this.name}"`,
      "made by registerLayer to be saved with its model",
      "a block, which a file cannot hold",
      "register how to build the block, or save its stateDict()",
    );
  }
}

/**
 * A block as a layer of tfjs, to train it with `model.fit`: its parameters are the weights of the layer, under their dotted
 * names. A block that a custom layer merely calls is not trained, because `fit` trains the weights of layers alone.
 *
 * The layer borrows the block: disposing the model leaves it alive. Parameters that are not trainable stay so. The model
 * cannot be saved; for that, make the layer with {@link registerLayer}.
 *
 * @param options arguments of the layer; and `call`, for a block whose `apply` takes or returns something else than one
 *   tensor: `(block, [x], { training, seed, mask }) => Tensor`
 * @throws ValueError when the block has no `apply`, or an option is unknown
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { ones, setBackend } from "@tensorflow/tfjs-core";
 * import { sequential } from "@tensorflow/tfjs-layers";
 * import { Linear } from "@tfblocks/tensor-utils";
 * import { asLayer } from "@tfblocks/tensor-utils/layers";
 *
 * await setBackend("cpu");
 * const linear = new Linear({ inFeatures: 3, outFeatures: 2 });
 * const model = sequential({ layers: [asLayer(linear, { inputShape: [4, 3] })] });
 * model.compile({ optimizer: "adam", loss: "meanSquaredError" });
 * await model.fit(ones([8, 4, 3]), ones([8, 4, 2]), { epochs: 2 }); // trains linear.weight and linear.bias
 * ```
 */
export function asLayer(block: PlainBlock, options?: LayerArguments & { readonly call?: LayerCall<PlainBlock> }): layers.Layer;
export function asLayer<Kind extends LayerBlock>(block: Kind, options: LayerArguments & { readonly call: LayerCall<Kind> }): layers.Layer;
export function asLayer<Kind extends LayerBlock>(
  block: Kind,
  options: LayerArguments & { readonly call?: LayerCall<Kind> } = {},
): layers.Layer {
  checkBlock("asLayer", "block", block);
  const { call, ...args } = checkOptions("asLayer", options, { ...argumentNames, call: true });
  return new BlockLayer({ operation: "asLayer", block: () => block, call, owns: false }, args);
}

/** How to build the block of a layer from its sizes, and to call it. */
export interface LayerRecipe<Sizes, Kind> {
  readonly build: (sizes: Sizes) => Kind;
  /** As in {@link asLayer}. */
  readonly call?: LayerCall<Kind>;
}

/**
 * Registers a kind of layer whose block is built from sizes, so that a model with such layers can be saved, and loaded by
 * `tf.loadLayersModel` in any program that registers the same. The model's file holds the sizes and the weights.
 *
 * The layer owns its block, which is built when the layer is first applied, and freed with the model.
 *
 * @param className the name in the file: letters and digits, and not that of another layer
 * @param recipe `build` from sizes, which must be JSON; and `call`, for a block that takes or returns something else than
 *   one tensor
 * @returns makes a layer from sizes and the arguments that every layer takes
 * @throws ValueError when the name is taken or has other characters, a size is not JSON, or an option is unknown
 */
export function registerLayer<Sizes extends object>(
  className: string,
  recipe: LayerRecipe<Sizes, PlainBlock>,
): (sizes: Sizes, args?: LayerArguments) => layers.Layer;
export function registerLayer<Sizes extends object, Kind extends LayerBlock>(
  className: string,
  recipe: LayerRecipe<Sizes, Kind> & { readonly call: LayerCall<Kind> },
): (sizes: Sizes, args?: LayerArguments) => layers.Layer;
export function registerLayer<Sizes extends object, Kind extends LayerBlock>(
  className: string,
  recipe: LayerRecipe<Sizes, Kind>,
): (sizes: Sizes, args?: LayerArguments) => layers.Layer {
  checkClassName(className, Object.keys(serialization.SerializationMap.getMap().classNameMap));
  const { build, call } = checkOptions("registerLayer", recipe, { build: true, call: true });
  class Registered extends BlockLayer<Kind> {
    static override className = className;
    readonly #config: { readonly sizes: Sizes; readonly seed: number };

    constructor(sizes: Sizes, args: LayerArguments) {
      super({ operation: className, block: () => build(sizes), call, owns: true }, args);
      this.#config = { sizes, seed: args.seed ?? 0 };
    }

    /** tfjs rewrites names and strings in a config in snake case, but for the value of `name`. */
    override getConfig(): serialization.ConfigDict {
      return { ...this.baseConfig(), recipe: { name: JSON.stringify(this.#config) } };
    }

    static override fromConfig<Made extends serialization.Serializable>(
      Class: serialization.SerializableConstructor<Made>,
      { recipe: saved, ...args }: serialization.ConfigDict,
    ): Made {
      const { sizes, seed } = JSON.parse((saved as { name: string }).name) as { sizes: Sizes; seed: number };
      return new Class(sizes, { ...args, seed });
    }
  }
  serialization.registerClass(Registered);
  return (sizes, args = {}) => new Registered(checkJson(className, "sizes", sizes), checkOptions(className, args, argumentNames));
}
