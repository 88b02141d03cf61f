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
 * Sets an attention's parameters from a PyTorch `nn.MultiheadAttention.state_dict()`, packed (`in_proj_weight`) or
 * separate (`q_proj_weight` …): all of them or, on any fault, none.
 *
 * From the dict of a whole model, pass this module's entries with their prefix taken off.
 *
 * @throws StateDictError that names every missing, unexpected and misshapen entry, under this package's names; an
 *   entry that says again what another said is unexpected
 * @throws ValueError when the attention has a form that `nn.MultiheadAttention` has not
 */
export function loadTorchStateDict(attention: MultiHeadAttention, state: StateDict): void {
  checkForm("loadTorchStateDict", attention);
  scope(() => attention.loadStateDict(fromTorch("loadTorchStateDict", state)));
}

/**
 * The parameters under PyTorch's `nn.MultiheadAttention` names, packed where PyTorch packs; the caller owns them.
 * What {@link loadTorchStateDict} read comes back bit for bit.
 *
 * @throws ValueError when the attention has a form that `nn.MultiheadAttention` has not
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
  const twice = Object.keys(separate).filter((_, index) => Object.hasOwn(packed, names[index]!) || names.indexOf(names[index]!) < index);
  if (twice.length > 0) throw new StateDictError(operation, [], twice, []);
  return { ...Object.fromEntries(Object.values(separate).map((value, index) => [names[index]!, value])), ...packed };
}

function toTorch(parameters: StateDict, packed: boolean): StateDict {
  const pack = (kind: "weight" | "bias", torchName: string): StateDict =>
    `query.${kind}` in parameters ? { [torchName]: concat(["query", "key", "value"].map((name) => parameters[`${name}.${kind}`]!)) } : {};
  const isPacked = (name: string) => /^(query|key|value)\.bias$/.test(name) || (packed && /^(query|key|value)\.weight$/.test(name));
  const rest = Object.entries(parameters).filter(([name]) => !isPacked(name));
  return {
    ...(packed ? pack("weight", "in_proj_weight") : {}),
    ...pack("bias", "in_proj_bias"),
    ...Object.fromEntries(rest.map(([name, value]) => [renamed[name] ?? name, own(value)])),
  };
}

/** PyTorch stacks query, key and value along the first dimension; what does not split stays as it came, and is refused by name. */
function thirds(operation: string, packed: Tensor | undefined, torchName: string, kind: "weight" | "bias"): StateDict {
  if (packed === undefined) return {};
  checkTensor(operation, `state["${torchName}"]`, packed);
  if (packed.shape[0]! % 3 !== 0) return { [torchName]: packed };
  const [query, key, value] = split(packed, 3) as [Tensor, Tensor, Tensor];
  return { [`query.${kind}`]: query, [`key.${kind}`]: key, [`value.${kind}`]: value };
}

/** Refuses what PyTorch's names could not say, or would say otherwise. */
function checkForm(operation: string, attention: MultiHeadAttention): void {
  const differences = Object.entries(differencesOf(attention)).filter(([, differs]) => differs);
  if (differences.length === 0) return;
  refuse(
    ValueError,
    operation,
    "attention",
    "of a form that nn.MultiheadAttention has",
    `one with ${differences.map(([name]) => name).join(", ")}`,
    "use stateDict() and loadStateDict()",
  );
}

function differencesOf(attention: MultiHeadAttention): Record<string, boolean> {
  const { query, key, value, output, numHeads, numKvHeads } = attention;
  const biases = [query, key, value, output].map((part) => "bias" in part.parameters());
  return {
    "fewer key-value heads": numKvHeads !== numHeads,
    "heads of another width than dModel / numHeads": [query, value].some((part) => part.outFeatures !== query.inFeatures),
    "biases in some projections only": new Set(biases).size > 1,
    "a sink other than 0": attention.sink !== undefined && attention.sink !== 0,
    "norms of queries or keys": attention.queryNorm !== undefined || attention.keyNorm !== undefined,
    "rotary positions": attention.rotary !== undefined,
    "a softcap": attention.softcap !== undefined,
    "a scale": attention.scale !== undefined,
  };
}
