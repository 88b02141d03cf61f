import type { Variable } from "@tensorflow/tfjs-core";
import {
  type Block,
  building,
  checkFlag,
  checkInteger,
  checkOptions,
  type Complete,
  type Defaults,
  derived,
  type Initializer,
  Linear,
  type OptionNames,
  packedXavierUniform,
  parameter,
  Random,
  refuse,
  size,
  ValueError,
  withDefaults,
  xavierNormal,
  xavierUniform,
  zerosInit,
} from "@tfblocks/tensor-utils";
import { MultiHeadAttention } from "./multi-head-attention.js";
import type { Rotary } from "./multi-head-attention-parts.js";

/** Sizes of {@link multiHeadAttention}. */
export interface MultiHeadAttentionSizes {
  /** Width of the queries and of the output (PyTorch's embed_dim). */
  readonly dModel: number;
  /** Number of query heads. */
  readonly numHeads: number;
  /** Number of key-value heads, a divisor of numHeads; default numHeads, 1 is multi-query attention. */
  readonly numKvHeads?: number;
  /** Width of each query and key head; default dModel / numHeads. */
  readonly headDim?: number;
  /** Width of each value head; default headDim. */
  readonly valueDim?: number;
  /** Width of the key inputs (PyTorch's kdim); default dModel. */
  readonly keyInputDim?: number;
  /** Width of the value inputs (PyTorch's vdim); default dModel. */
  readonly valueInputDim?: number;
  /** Which projections have a bias; default all. */
  readonly bias?: boolean | ProjectionBias;
  /** Whether to append one learned key and value (PyTorch's add_bias_kv); default false. */
  readonly addBiasKv?: boolean;
  /** Whether to add a sink logit of 0, which is equivalent to a key and value of zeros (PyTorch's add_zero_attn); default false. */
  readonly addZeroAttn?: boolean;
  /** Whether to learn a sink logit for each head, initially 0; default false. Cannot be combined with `addZeroAttn`. */
  readonly learnedSink?: boolean;
  /** Factor of the scores; default 1 / sqrt(headDim). */
  readonly scale?: number | undefined;
  /** Limits the scores to ±softcap; default none. */
  readonly softcap?: number | undefined;
  /** Probability of dropping a weight in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number;
  /** Norm applied to each query head (QK-norm); default none. */
  readonly queryNorm?: Block | undefined;
  /** Norm applied to each key head; default none. */
  readonly keyNorm?: Block | undefined;
  /** Rotary position embedding of queries and keys; default none. */
  readonly rotary?: Rotary | undefined;
  /** Initializer of the input projections. Default as in PyTorch: `packedXavierUniform` when the input widths are equal, else `xavierUniform`. */
  readonly init?: Initializer;
  /** Source of the initial values; default `new Random(0)`. */
  readonly random?: Random;
}

/** Which of the four projections have a bias; each default true. */
export interface ProjectionBias {
  readonly query?: boolean;
  readonly key?: boolean;
  readonly value?: boolean;
  readonly output?: boolean;
}

const projectionNames: OptionNames<ProjectionBias> = { query: "flag", key: "flag", value: "flag", output: "flag" };

type Sizes = Complete<MultiHeadAttentionSizes>;

const operation = "multiHeadAttention";

const defaults: Defaults<MultiHeadAttentionSizes> = {
  dModel: size,
  numHeads: size,
  numKvHeads: derived(({ numHeads }) => numHeads),
  headDim: derived(dividedWidth),
  valueDim: derived(({ headDim }) => headDim),
  keyInputDim: derived(({ dModel }) => dModel),
  valueInputDim: derived(({ dModel }) => dModel),
  bias: derived(() => true), // not a flag: it may be one for each projection
  addBiasKv: false,
  addZeroAttn: false,
  learnedSink: false,
  scale: undefined,
  softcap: undefined,
  dropout: 0,
  queryNorm: undefined,
  keyNorm: undefined,
  rotary: undefined,
  init: derived((sizes) => (isPacked(sizes) ? packedXavierUniform : xavierUniform)),
  random: derived(() => new Random(0)),
};

/**
 * A {@link MultiHeadAttention} of linear projections, with the defaults and initial values of PyTorch's
 * `nn.MultiheadAttention`.
 *
 * Parameters: `query.weight` `[numHeads × headDim, dModel]`, `key.weight` `[numKvHeads × headDim, keyInputDim]`,
 * `value.weight` `[numKvHeads × valueDim, valueInputDim]`, `output.weight` `[dModel, numHeads × valueDim]`, their
 * biases and, if requested, `biasKey` `[1, 1, numKvHeads × headDim]`, `biasValue` `[1, 1, numKvHeads × valueDim]` and `sink`
 * `[numHeads]`.
 *
 * @throws ValueError when a size is not a positive integer, is not divisible by another as required, or is unknown, or when
 *   two options exclude each other
 */
export function multiHeadAttention(sizes: MultiHeadAttentionSizes): MultiHeadAttention<Linear> {
  return building(() => {
    const complete = withDefaults(operation, sizes, defaults);
    checkSizes(complete);
    const { dModel, numHeads, numKvHeads, headDim, valueDim, keyInputDim, valueInputDim, random } = complete;
    const { scale, softcap, dropout, queryNorm, keyNorm, rotary } = complete;
    return new MultiHeadAttention({
      query: projection(complete, "query", dModel, numHeads * headDim),
      key: projection(complete, "key", keyInputDim, numKvHeads * headDim),
      value: projection(complete, "value", valueInputDim, numKvHeads * valueDim),
      output: projection(complete, "output", numHeads * valueDim, dModel),
      biasKey: learnedRow(complete, "biasKey", numKvHeads * headDim),
      biasValue: learnedRow(complete, "biasValue", numKvHeads * valueDim),
      sink: complete.learnedSink ? parameter(() => zerosInit([numHeads], random)) : complete.addZeroAttn ? 0 : undefined,
      numHeads,
      numKvHeads,
      queryNorm,
      keyNorm,
      rotary,
      scale,
      softcap,
      dropout,
    });
  });
}

function checkSizes(sizes: Sizes): void {
  checkBias(sizes.bias);
  const { numHeads, numKvHeads, headDim, valueDim, keyInputDim, valueInputDim, addZeroAttn, learnedSink } = sizes;
  for (const [name, value] of Object.entries({ numKvHeads, headDim, valueDim, keyInputDim, valueInputDim })) {
    checkInteger(operation, name, value, 1);
  }
  if (numHeads % numKvHeads !== 0) refuse(ValueError, operation, "numKvHeads", `a divisor of numHeads = ${numHeads}`, numKvHeads);
  if (addZeroAttn && learnedSink) {
    refuse(ValueError, operation, "learnedSink", "false when addZeroAttn is true", "true", "both add a sink, choose one");
  }
}

function checkBias(bias: boolean | ProjectionBias): void {
  if (typeof bias === "object" && bias !== null) checkOptions(operation, bias, projectionNames, "projection");
  else checkFlag(operation, "bias", bias);
}

function dividedWidth({ dModel, numHeads }: Sizes): number {
  if (dModel % numHeads !== 0) refuse(ValueError, operation, "dModel", `divisible by numHeads = ${numHeads}`, dModel, "or set headDim");
  return dModel / numHeads;
}

/** Whether queries, keys and values have the same width. PyTorch then stores their weights as one matrix. */
function isPacked({ dModel, keyInputDim, valueInputDim }: Sizes): boolean {
  return keyInputDim === dModel && valueInputDim === dModel;
}

function projection({ bias, init, random }: Sizes, name: keyof ProjectionBias, inFeatures: number, outFeatures: number): Linear {
  const hasBias = typeof bias === "object" ? (bias[name] ?? true) : bias;
  return new Linear({ inFeatures, outFeatures, bias: hasBias, random: random.split(name), ...(name !== "output" && { init }) });
}

function learnedRow({ addBiasKv, random }: Sizes, name: string, width: number): Variable | undefined {
  return addBiasKv ? parameter(() => xavierNormal([1, 1, width], random.split(name))) : undefined;
}
