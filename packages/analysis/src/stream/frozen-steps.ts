import { abs, add, div, greater, mul, sub, type Tensor, where, zerosLike } from "@tensorflow/tfjs-core";
import { type Block, borrowed, describeValue, probe, refuse, ValueError } from "@tfblocks/tensor-utils";
import { Activated, type Layer, ParallelLayer, type Residual, TransformerLayer } from "@tfblocks/transformer";
import { frozenNorm } from "./frozen-norm.js";
import type { Readout } from "./readout.js";

/** A step of the residual stream: its output is `map(x, ...added)`, and `map` is affine once norms are frozen. */
export interface FrozenStep {
  /** The name of the part that adds what `map` has of its own, such as the bias of a norm. */
  readonly part: string;
  /** The stream before the step, `[batch, positions, dModel]`. */
  readonly x: Tensor;
  readonly added: readonly AddedPart[];
  readonly map: (x: Tensor, ...added: Tensor[]) => Tensor;
  /** What the model computed. */
  readonly output: Tensor;
}

/** A sublayer and its output. */
export interface AddedPart {
  readonly name: string;
  readonly block: Block<never[], unknown>;
  /** `[batch, positions, dModel]` */
  readonly output: Tensor;
}

/** The value of a part in the run that is attributed, by its dotted name. */
export type Recorded = (name: string) => Tensor;

const sublayers = ["attention", "crossAttention", "feedForward"] as const;

/** The names of a layer's sublayers, in the order of computation. @throws ValueError when the layer does not tell them */
export function sublayersOf(operation: string, name: string, layer: Layer): readonly (typeof sublayers)[number][] {
  if (layer instanceof TransformerLayer) return sublayers.filter((sublayer) => layer[sublayer] !== undefined);
  if (layer instanceof ParallelLayer) return ["attention", "feedForward"];
  return refuse(ValueError, operation, `"${name}"`, "a TransformerLayer or a ParallelLayer", describeValue(layer));
}

/**
 * The steps of a layer.
 *
 * @param x before the layer @param output after the layer, as the model computed it
 */
export function layerSteps(operation: string, name: string, layer: Layer, x: Tensor, output: Tensor, recorded: Recorded): FrozenStep[] {
  const parts = sublayersOf(operation, name, layer).map((sublayer) => {
    const part = `${name}.${sublayer}`;
    return { sublayer, name: part, block: layer[sublayer as never], output: recorded(part) } as const;
  });
  if (!(layer instanceof TransformerLayer)) {
    return [{ part: name, x, added: parts, map: (stream, first, second) => add(stream, add(first!, second!)), output }];
  }
  const steps: FrozenStep[] = [];
  for (const [index, part] of parts.entries()) {
    const norms = normsOf(name, layer, part.sublayer);
    const step = residualStep(operation, layer.residual, norms, steps.at(-1)?.output ?? x, part);
    steps.push(index === parts.length - 1 ? { ...step, output } : step);
  }
  return steps;
}

/** A norm and its name. */
interface NamedNorm {
  readonly name: string;
  readonly norm: Block;
}

type Slot = "norm" | "postNorm";

function normsOf(name: string, layer: TransformerLayer, sublayer: (typeof sublayers)[number]): Partial<Record<Slot, NamedNorm>> {
  const norm = layer[`${sublayer}Norm`];
  const postNorm = sublayer === "crossAttention" ? undefined : layer[`${sublayer}PostNorm`];
  return {
    ...(norm && { norm: { name: `${name}.${sublayer}Norm`, norm } }),
    ...(postNorm && { postNorm: { name: `${name}.${sublayer}PostNorm`, norm: postNorm } }),
  };
}

/** One sublayer: the residual rule joins its output to the stream, and each norm that the rule applies is frozen. */
function residualStep(
  operation: string,
  residual: Residual,
  norms: Partial<Record<Slot, NamedNorm>>,
  x: Tensor,
  added: AddedPart,
): FrozenStep {
  const frozen: Partial<Record<Slot, (component: Tensor) => Tensor>> = {};
  const slots = Object.entries(norms) as [Slot, NamedNorm][];
  const mapped = (change: (slot: Slot, norm: NamedNorm) => Block) =>
    Object.fromEntries(slots.map(([slot, norm]) => [slot, change(slot, norm)])) as { norm: Block; postNorm?: Block };
  const watched = mapped((slot, { name, norm }) =>
    probe(norm, ({ inputs: [input] }) => {
      frozen[slot] = frozenNorm(operation, name, norm, input);
    }),
  );
  const output = residual.join(x, added.output, watched);
  const fixed = mapped((slot, { norm }) => borrowed(norm, () => ({ ...(frozen[slot] && { apply: frozen[slot] }) })));
  const part = slots.find(([slot]) => frozen[slot])?.[1].name ?? added.name;
  return { part, x, added: [added], map: (stream, y) => residual.join(stream, y!, fixed), output };
}

/** The steps between the last layer and the head. @param x the stream after the last layer @param prefix of the stack's parts */
export function readoutSteps(operation: string, prefix: string, readout: Readout, x: Tensor): FrozenStep[] {
  const { finalNorm, headTransform, headNorm } = readout;
  const steps: FrozenStep[] = [];
  const push = (part: string, block: Block | undefined, freeze: Freeze) => {
    if (block === undefined) return;
    const input = steps.at(-1)?.output ?? x;
    steps.push({ part, x: input, added: [], map: freeze(operation, part, block, input), output: block.apply(input) });
  };
  push(`${prefix}finalNorm`, finalNorm, frozenNorm);
  push("headTransform", headTransform, frozenActivation);
  push("headNorm", headNorm, frozenNorm);
  return steps;
}

type Freeze = (operation: string, name: string, block: Block, x: Tensor) => (component: Tensor) => Tensor;

/** Smaller values count as 0, where activation(z) / z is not defined. */
const tiny = 1e-20;

/** activation(z) as a gate: z · (activation(z) / z) with the gate frozen. */
const frozenActivation: Freeze = (operation, name, block, x) => {
  if (!(block instanceof Activated)) return refuse(ValueError, operation, `"${name}"`, "an Activated map", describeValue(block));
  const z = block.map.apply(x);
  const activated = block.activation(z);
  const gate = where(greater(abs(z), tiny), div(activated, where(greater(abs(z), tiny), z, add(zerosLike(z), 1))), zerosLike(z));
  const rest = sub(activated, mul(gate, z)); // what the activation makes of 0
  return (component) => add(mul(block.map.apply(component), gate), rest);
};
