import { Tensor } from "@tensorflow/tfjs-core";
import type { Block } from "./block.js";
import { describeValue } from "./describe-value.js";
import { ValueError } from "./errors.js";
import { checkObject, type OptionNames } from "./options.js";
import { refuse } from "./refuse.js";

/** A block that a layer can hold. */
export type LayerBlock = Pick<Block, "parameters" | "dispose"> & { readonly apply: unknown };

/** What a layer tells its block in each call. */
export interface LayerCallOptions {
  /** True in `model.fit`. */
  readonly training: boolean;
  /** For dropout: another number in each call. */
  readonly seed: number;
  /** The mask that comes with the input, for example of `tf.layers.embedding({ maskZero: true })`. */
  readonly mask: Tensor | undefined;
}

/** How a layer calls its block; tensors that it makes and does not return are freed. */
export type LayerCall<Kind> = (block: Kind, inputs: readonly Tensor[], options: LayerCallOptions) => Tensor | Tensor[];

/** A block that needs no {@link LayerCall}: `apply(x)`, in training `apply(x, { training, seed })`, returns a tensor. */
export type PlainBlock = LayerBlock & {
  apply(x: Tensor, options?: { readonly training?: boolean | undefined; readonly seed?: number | undefined }): Tensor;
};

/** Arguments that every layer of tfjs takes. */
export interface LayerArguments {
  /** Default: made from the class name. The names of the weights in a saved model start with it. */
  readonly name?: string;
  /** Default true. */
  readonly trainable?: boolean;
  /** Of the first layer of a `tf.sequential`, without the batch. */
  readonly inputShape?: (number | null)[];
  /** Of the input of a first layer; default `"float32"`, token ids need `"int32"`. */
  readonly dtype?: "float32" | "int32";
  /** Seed of the dropout, an integer >= 0; default 0. */
  readonly seed?: number;
}

export const argumentNames: OptionNames<LayerArguments> = { name: true, trainable: "flag", inputShape: true, dtype: true, seed: true };

/** @throws ValueError when there is another number of inputs than 1, or a mask */
export function callPlain(operation: string): LayerCall<PlainBlock> {
  return (block, inputs, { training, seed, mask }) => {
    if (inputs.length !== 1) refuse(ValueError, operation, "inputs", "one tensor", `${inputs.length} tensors`, "pass call");
    if (mask !== undefined) refuse(ValueError, operation, "mask", "absent", "a mask", "pass call, whose options contain the mask");
    return training ? block.apply(inputs[0]!, { training, seed }) : block.apply(inputs[0]!);
  };
}

export function checkOutput(operation: string, output: unknown): Tensor | Tensor[] {
  if (output instanceof Tensor || (Array.isArray(output) && output.every((each) => each instanceof Tensor))) return output;
  return refuse(
    ValueError,
    operation,
    "the output of the block",
    "a tensor",
    describeValue(output),
    "pass call, which takes it from the result",
  );
}

/** @throws ValueError when tfjs would not find a class again under its name, or would replace another */
export function checkClassName(className: unknown, taken: readonly string[]): void {
  const isName = typeof className === "string" && /^[A-Z][A-Za-z0-9]*$/.test(className);
  if (!isName) refuse(ValueError, "registerLayer", "className", "a capital letter, then letters and digits", describeValue(className));
  if (taken.includes(className)) refuse(ValueError, "registerLayer", "className", "a new name", `"${className}", which is taken`);
}

/** @throws ValueError when something in a value would not come back from JSON */
export function checkJson<Value extends object>(operation: string, argument: string, value: Value): Value {
  for (const [name, each] of Object.entries(checkObject(operation, argument, value))) {
    const path = `${argument}.${name}`;
    if (each === null || each === undefined || ["string", "boolean"].includes(typeof each) || Number.isFinite(each)) continue;
    if (isPlain(each)) checkJson(operation, path, each);
    else refuse(ValueError, operation, path, "JSON, so that the model can be saved", describeValue(each), "set it in build");
  }
  return value;
}

function isPlain(value: unknown): value is object {
  return Array.isArray(value) || (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);
}
