import { Tensor } from "@tensorflow/tfjs-core";
import { QuantizedEmbedding, QuantizedLinear } from "@tfblocks/quantization";
import { describeValue, Linear, overriddenMethods, Random, refuse, unsetRandom, ValueError } from "@tfblocks/tensor-utils";
import { TokenEmbedding } from "../blocks/token-embedding.js";
import { families, type FamilyName } from "../families/registry.js";

/**
 * Checks that a model is the one that its family builds from its sizes, but for the values of its parameters: a part that was
 * replaced, or sizes of another model, would be saved as what the sizes say. A quantised part stands for the part that it replaces.
 *
 * @throws ValueError that names the first field in which the two differ
 */
export function checkModel(operation: string, family: FamilyName, sizes: object, model: object): void {
  const build = families[family] as unknown as (sizes: object) => { dispose(): void };
  const expected = build({ ...sizes, random: unsetRandom }); // takes no memory
  try {
    const found = difference(model, expected, "model", new Set());
    if (found === undefined) return;
    const advice = "save the parameters of a model of its own parts with writeSafetensors";
    refuse(ValueError, operation, found.path, `${found.expected}, as ${family} builds it from the sizes`, found.received, advice);
  } finally {
    expected.dispose();
  }
}

/** Where two values differ first. */
interface Difference {
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

function difference(value: unknown, expected: unknown, path: string, seen: Set<unknown>): Difference | undefined {
  if (Object.is(value, expected) || seen.has(value)) return undefined;
  if (isQuantized(value) && isWide(expected)) return difference(sizesOf(value), sizesOf(expected), path, seen);
  const [received, wanted] = [kindOf(value), kindOf(expected)];
  if (received !== wanted) return { path, expected: wanted, received };
  if (typeof value !== "object" || value === null || value instanceof Tensor || value instanceof Random) return undefined;
  seen.add(value);
  const names = new Set([...Object.keys(value), ...Object.keys(expected as object)]);
  for (const name of names) {
    const found = difference((value as Fields)[name], (expected as Fields)[name], `${path}.${name}`, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A part and the quantised one that may stand for it. */
type Wide = Linear | TokenEmbedding;
type Quantized = QuantizedLinear | QuantizedEmbedding;

function isQuantized(value: unknown): value is Quantized {
  return (value instanceof QuantizedLinear || value instanceof QuantizedEmbedding) && overriddenMethods(value).length === 0;
}

function isWide(value: unknown): value is Wide {
  return value instanceof Linear || value instanceof TokenEmbedding;
}

/** What must be equal of a part and a quantised one. */
function sizesOf(part: Wide | Quantized): object {
  if ("vocabSize" in part) return { vocabSize: part.vocabSize, dModel: part.dModel, scale: part.scale };
  return { outFeatures: part.outFeatures, inFeatures: part.inFeatures, bias: part.bias };
}

type Fields = Readonly<Record<string, unknown>>;

/** What must be equal of two values: of an object its class, of a tensor its shape, of a function its source. */
function kindOf(value: unknown): string {
  if (value instanceof Tensor) return `a parameter of shape [${value.shape.join(", ")}]`;
  if (typeof value === "function") return `the function ${value.toString()}`;
  if (typeof value !== "object" || value === null) return describeValue(value);
  const { constructor } = value as { readonly constructor?: { readonly name: string } };
  const methods = overriddenMethods(value).map((name) => ` with another ${name}`);
  return `a ${constructor?.name ?? "plain object"}${methods.join(" and ")}`;
}
