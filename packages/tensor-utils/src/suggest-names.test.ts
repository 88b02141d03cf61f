import { expect, it } from "vitest";
import { UnknownNameError } from "./errors.js";
import { foreignMeanings, foreignNames } from "./foreign-names.js";

const known = ["dModel", "numHeads", "numKvHeads", "hiddenDim", "keyInputDim", "dropout", "eps", "mask"];
const list = `known sizes: ${known.join(", ")}`;
const messageOf = (...unknown: string[]) => new UnknownNameError("make", "size", unknown, known).message;

// The names of torch.nn.MultiheadAttention, TransformerEncoderLayer and scaled_dot_product_attention (PyTorch 2.15),
// of the configs of Hugging Face's transformers 5.23, and of keras.layers.MultiHeadAttention.
it.each([
  ["embedDim", "dModel"],
  ["embed_dim", "dModel"],
  ["d_model", "dModel"],
  ["hidden_size", "dModel"],
  ["nEmbd", "dModel"],
  ["nhead", "numHeads"],
  ["num_heads", "numHeads"],
  ["numAttentionHeads", "numHeads"],
  ["num_key_value_heads", "numKvHeads"],
  ["dim_feedforward", "hiddenDim"],
  ["intermediate_size", "hiddenDim"],
  ["kdim", "keyInputDim"],
  ["dropout_p", "dropout"],
  ["layer_norm_eps", "eps"],
])("translates %s to %s", (name, ours) => {
  expect(messageOf(name)).toBe(`make: unknown size "${name}"; it is called "${ours}" here; ${list}`);
});

it("says what to do where the value means something else", () => {
  expect(messageOf("is_causal")).toBe(`make: unknown size "is_causal"; pass mask: causal(), of @tfblocks/masks; ${list}`);
  expect(messageOf("batch_first")).toBe(`make: unknown size "batch_first"; omit it; inputs are always [batch, length, dModel]; ${list}`);
});

it("guesses what is misspelt", () => {
  expect(messageOf("droput")).toBe(`make: unknown size "droput"; ${list}; did you mean "dropout"?`);
  expect(messageOf("numHeds")).toBe(`make: unknown size "numHeds"; ${list}; did you mean "numHeads"?`);
  expect(messageOf("hidednDim")).toBe(`make: unknown size "hidednDim"; ${list}; did you mean "hiddenDim"?`);
  expect(messageOf("esp")).toBe(`make: unknown size "esp"; ${list}; did you mean "eps"?`);
  expect(messageOf("spe")).toBe(`make: unknown size "spe"; ${list}`);
  expect(messageOf("x".repeat(1e5))).toContain(list);
});

it("names each of several unknown names", () => {
  expect(messageOf("embedDim", "nhead")).toBe(
    `make: unknown sizes "embedDim", "nhead"; "embedDim" is called "dModel" here; "nhead" is called "numHeads" here; ${list}`,
  );
  expect(messageOf("embedDim", "isCausal", "droput", "other")).toBe(
    `make: unknown sizes "embedDim", "isCausal", "droput", "other"; "embedDim" is called "dModel" here; for "isCausal", pass mask: causal(), of @tfblocks/masks; ${list}; did you mean "dropout" by "droput"?`,
  );
});

it("does not suggest what the operation does not know", () => {
  expect(new UnknownNameError("relu", "option", ["embedDim", "isCausal"], ["inPlace"]).message).toBe(
    'relu: unknown options "embedDim", "isCausal"; known options: inPlace',
  );
  expect(new UnknownNameError("relu", "option", ["__proto__", "constructor"], ["constructorOf"]).message).toContain("known options");
});

it("the tables hold plain names", () => {
  const names = [...Object.values(foreignNames).flatMap((each) => each.split(" ")), ...Object.values(foreignMeanings).flatMap(Object.keys)];
  expect(names.filter((name) => !/^[a-z0-9]+$/.test(name))).toEqual([]);
  for (const [ours, theirs] of Object.entries(foreignNames)) expect(theirs.split(" ")).not.toContain(ours.toLowerCase());
});
