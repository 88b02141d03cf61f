import { concat, type Tensor, split } from "@tensorflow/tfjs-core";
import { checkTensor, describeValue, own, refuse, scope, type StateDict, StateDictError, ValueError } from "@tfblocks/tensor-utils";
import type { MultiHeadAttention } from "./multi-head-attention.js";

const renamed: Readonly<Record<string, string>> = {
  "query.weight": "q_proj_weight",
  "key.weight": "k_proj_weight",
  "value.weight": "v_proj_weight",
  "output.weight": "out_proj.weight",
  "output.bias": "out_proj.bias",
  biasKey: "bias_k",
  biasValue: "bias_v",
};

/**
 * Sets the parameters of a multi-head attention from the `state_dict()` of PyTorch's `nn.MultiheadAttention`, packed
 * (`in_proj_weight`) or separate (`q_proj_weight`, …): all of them, or none when the state does not match.
 *
 * From the state dict of a whole model, pass only the entries of this module, without their prefix.
 *
 * @throws StateDictError that lists every missing, unexpected and misshapen entry under the names of this package; an entry
 *   that duplicates another one is unexpected
 * @throws ValueError when `nn.MultiheadAttention` cannot represent this attention
 */
export function loadTorchStateDict(attention: MultiHeadAttention, state: StateDict): void {
  checkForm("loadTorchStateDict", attention);
  scope(() => attention.loadStateDict(fromTorch("loadTorchStateDict", state)));
}

/**
 * The parameters under the names of PyTorch's `nn.MultiheadAttention`, packed as PyTorch packs them. The caller owns the
 * tensors. State that {@link loadTorchStateDict} loaded is returned bit for bit.
 *
 * @throws ValueError when `nn.MultiheadAttention` cannot represent this attention
 */
export function torchStateDict(attention: MultiHeadAttention): StateDict {
  checkForm("torchStateDict", attention);
  const { query, key, value } = attention;
  const packed = key.inFeatures === query.inFeatures && value.inFeatures === query.inFeatures;
  return scope(() => toTorch(attention.parameters(), packed));
}

function fromTorch(operation: string, state: StateDict): StateDict {
  if (typeof state !== "object" || state === null) refuse(ValueError, operation, "state", "an object of tensors", describeValue(state));
  const { in_proj_weight: weight, in_proj_bias: bias, ...separate } = state;
  const packed = { ...thirds(operation, weight, "in_proj_weight", "weight"), ...thirds(operation, bias, "in_proj_bias", "bias") };
  const ours = new Map(Object.entries(renamed).map(([name, torchName]) => [torchName, name]));
  const names = Object.keys(separate).map((name) => ours.get(name) ?? name);
  const isDuplicate = (name: string, index: number) => Object.hasOwn(packed, name) || names.indexOf(name) < index;
  const duplicates = Object.keys(separate).filter((_, index) => isDuplicate(names[index]!, index));
  if (duplicates.length > 0) throw new StateDictError(operation, [], duplicates, []);
  return { ...Object.fromEntries(Object.values(separate).map((value, index) => [names[index]!, value])), ...packed };
}

function toTorch(parameters: StateDict, packed: boolean): StateDict {
  const pack = (kind: "weight" | "bias", torchName: string): StateDict =>
    `query.${kind}` in parameters ? { [torchName]: concat(["query", "key", "value"].map((name) => parameters[`${name}.${kind}`]!)) } : {};
  const isPacked = (name: string) => /^(query|key|value)\.bias$/.test(name) || (packed && /^(query|key|value)\.weight$/.test(name));
  const unpacked = Object.entries(parameters).filter(([name]) => !isPacked(name));
  return {
    ...(packed ? pack("weight", "in_proj_weight") : {}),
    ...pack("bias", "in_proj_bias"),
    ...Object.fromEntries(unpacked.map(([name, value]) => [renamed[name] ?? name, own(value)])),
  };
}

/** Splits a tensor in which PyTorch stacks query, key and value along the first dimension. One that cannot be split is returned unchanged, so that it is reported as unexpected. */
function thirds(operation: string, packed: Tensor | undefined, torchName: string, kind: "weight" | "bias"): StateDict {
  if (packed === undefined) return {};
  checkTensor(operation, `state["${torchName}"]`, packed);
  if (packed.shape[0]! % 3 !== 0) return { [torchName]: packed };
  const [query, key, value] = split(packed, 3) as [Tensor, Tensor, Tensor];
  return { [`query.${kind}`]: query, [`key.${kind}`]: key, [`value.${kind}`]: value };
}

/** Rejects an attention that PyTorch's module cannot represent, or would compute differently. */
function checkForm(operation: string, attention: MultiHeadAttention): void {
  const differences = Object.entries(differencesOf(attention)).filter(([, differs]) => differs);
  if (differences.length === 0) return;
  refuse(
    ValueError,
    operation,
    "attention",
    "representable as nn.MultiheadAttention",
    `one with ${differences.map(([name]) => name).join(", ")}`,
    "use stateDict() and loadStateDict()",
  );
}

function differencesOf(attention: MultiHeadAttention): Record<string, boolean> {
  const { query, key, value, output, numHeads, numKvHeads } = attention;
  const biases = [query, key, value, output].map((part) => "bias" in part.parameters());
  return {
    "fewer key-value heads": numKvHeads !== numHeads,
    "a head width other than dModel / numHeads": [query, value].some((part) => part.outFeatures !== query.inFeatures),
    "biases in only some projections": new Set(biases).size > 1,
    "a sink other than 0": attention.sink !== undefined && attention.sink !== 0,
    "norms of queries or keys": attention.queryNorm !== undefined || attention.keyNorm !== undefined,
    "rotary positions": attention.rotary !== undefined,
    "a softcap": attention.softcap !== undefined,
    "a scale": attention.scale !== undefined,
  };
}
