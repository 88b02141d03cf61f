import type { Tensor } from "@tensorflow/tfjs-core";
import { activation, activationNames, FeedForward, GatedFeedForward } from "@tfblocks/feed-forward";
import { scope, walkParts } from "@tfblocks/tensor-utils";
import { floats } from "../../../compute/floats.js";
import { type PartSide, withKeptValues } from "../../../reading/kept-values.js";
import { layerOfPart } from "../../../reading/read-stages.js";
import type { Run } from "../../../reading/run.js";
import type { LayerPlace } from "../../../workspace/chosen-layer.js";
import type { ModelBlock } from "../model-block.js";
import { activeUnits } from "./active-units.js";
import { curve, curveInputs, parameterCount, stage } from "./compute-feed-forward.js";
import type { FeedForwardNumbers } from "./picture.js";
import { type ActivationChoice, activationTitles } from "./settings.js";

type Network = FeedForward | GatedFeedForward;

/** Reads what a part within the network reads or writes; the network itself is "". */
type ValueOf = (part: string, side: PartSide["side"]) => Tensor;

/** The feed-forward network of a layer, with every tensor of it for the text. */
export async function readFeedForward(run: Run, { kind, layer }: LayerPlace): Promise<ModelBlock<FeedForwardNumbers>> {
  const attention = run.attention(kind, layer);
  const name = `${layerOfPart(attention.part)}.feedForward`;
  const network = new Map<string, unknown>(walkParts(run.opened.model)).get(name);
  if (!isNetwork(network)) return { absent: "This layer has no feed-forward network: it consists of attention alone." };
  const named = (part: string): string => (part === "" ? name : `${name}.${part}`);
  const places = placesOf(network).map(({ part, side }) => ({ part: named(part), side }));
  return withKeptValues(run, places, async (kept) => {
    const valueOf: ValueOf = (part, side) => kept.find((each) => each.part === named(part) && each.side === side)!.value;
    return blockOf(network, attention.rows.tokens, valueOf);
  });
}

function isNetwork(part: unknown): part is Network {
  return part instanceof FeedForward || part instanceof GatedFeedForward;
}

function placesOf(network: Network): PartSide[] {
  const projections = network instanceof GatedFeedForward ? ["gate", "up"] : ["up"];
  return [
    { part: "", side: "input" },
    ...projections.map((part): PartSide => ({ part, side: "output" })),
    { part: "down", side: "input" },
    { part: "", side: "output" },
  ];
}

function blockOf(network: Network, tokens: readonly string[], valueOf: ValueOf): ModelBlock<FeedForwardNumbers> {
  const [input, hidden, output] = [valueOf("", "input"), valueOf("down", "input"), valueOf("", "output")];
  const [width, hiddenDim] = [input, hidden].map(({ shape }) => shape.at(-1)!) as [number, number];
  if (floats(output).every((value) => value === 0)) return { absent: addsNothing(hiddenDim) };
  const name = activationNames.find((each) => activation(each) === network.activation) ?? "its own function";
  const isGated = network instanceof GatedFeedForward;
  const active = isGated ? scope(() => floats(network.activation(valueOf("gate", "output")))) : floats(hidden);
  const xs = curveInputs();
  const picture: FeedForwardNumbers = {
    tokens,
    xs,
    curves: [curve(name, network.activation, xs)],
    stages: [
      stage("x", "the vector of the token, as the network reads it", input),
      ...hiddenStages(network, name, active, valueOf),
      stage("down", "down(hidden): back to the width of the stream", output),
    ],
    active,
    units: activeUnits(active, hiddenDim),
    isGated,
    hiddenDim,
    parameters: parameterCount(network),
  };
  return { about: about(picture, width, name), picture };
}

function hiddenStages(network: Network, name: string, active: Float32Array, valueOf: ValueOf): FeedForwardNumbers["stages"] {
  const [up, hidden] = [valueOf("up", "output"), valueOf("down", "input")];
  if (network instanceof FeedForward) return [stage("up", "up(x): to the hidden units", up), stage("hidden", `${name}(up(x))`, hidden)];
  return [
    { name: "gate", formula: `${name}(gate(x)): the gate`, columns: hidden.shape.at(-1)!, values: active },
    stage("up", "up(x): the values to be gated", up),
    stage("hidden", `${name}(gate(x)) · up(x)`, hidden),
  ];
}

function addsNothing(hiddenDim: number): string {
  const units = hiddenDim === 1 ? "1 hidden unit" : `${hiddenDim} hidden units`;
  return `The feed-forward network of this layer adds nothing: it has ${units}, and its output is 0 for every token of this text. Choose another model to see one at work.`;
}

function about({ isGated, hiddenDim, parameters }: FeedForwardNumbers, width: number, name: string): string {
  const form = isGated ? "a gated network" : "a plain network without a gate";
  const title = activationTitles[name as ActivationChoice] ?? name;
  return `This layer has ${form}: vectors of ${width} numbers, ${hiddenDim} hidden units, the activation ${title}, ${parameters.toLocaleString("en")} parameters.`;
}
