import "@tfblocks/tensor-utils/gradients";
import { memory, type Tensor, tensor1d, valueAndGrad } from "@tensorflow/tfjs-core";
import {
  type Activation,
  activation,
  type FeedForward,
  type GatedFeedForward,
  gatedActivation,
  feedForward,
  gatedFeedForward,
} from "@tfblocks/feed-forward";
import { embedTokens } from "@tfblocks/lesson";
import { layerNorm } from "@tfblocks/norm";
import { Random, scope } from "@tfblocks/tensor-utils";
import { floats } from "../../../compute/floats.js";
import { activeUnits } from "./active-units.js";
import type { Curve, FeedForwardPicture, FeedForwardStage } from "./picture.js";
import type { FeedForwardSettings } from "./settings.js";

/** The curves are drawn from -5 to 5. */
const curveEnd = 5;
const samples = 161;

/** Runs the parts of a feed-forward network one after the other and reads every tensor. All tensors are freed. */
export function computeFeedForward(settings: FeedForwardSettings, tokens: readonly string[]): FeedForwardPicture {
  const started = performance.now();
  const xs = curveInputs();
  const hiddenDim = settings.width * settings.expansion;
  const names = [...new Set([settings.activation, settings.compared])];
  const outputs = (settings.gated ? runGated : runPlain)(settings, tokens);
  return {
    tokens,
    xs,
    curves: names.map((name) => curve(name, activation(name), xs)),
    ...outputs,
    units: activeUnits(outputs.active, hiddenDim),
    isGated: settings.gated,
    hiddenDim,
    milliseconds: performance.now() - started,
    liveTensors: memory().numTensors,
  };
}

/** Where the curves are drawn. */
export function curveInputs(): Float32Array {
  return Float32Array.from({ length: samples }, (_, index) => -curveEnd + (2 * curveEnd * index) / (samples - 1));
}

/** The values and slopes of an activation. */
export function curve(name: string, apply: Activation, xs: Float32Array): Curve {
  return scope(() => {
    const run = valueAndGrad((x: Tensor) => apply(x));
    const { value, grad } = run(tensor1d(xs), tensor1d(new Float32Array(xs.length).fill(1)));
    return { name, values: floats(value), slopes: floats(grad) };
  });
}

type NetworkOutputs = Pick<FeedForwardPicture, "stages" | "active" | "parameters">;

function runPlain({ width, expansion, seed, activation: name }: FeedForwardSettings, tokens: readonly string[]): NetworkOutputs {
  const hiddenDim = width * expansion;
  const network = feedForward({ dModel: width, hiddenDim, activation: name, random: new Random(seed) });
  return runNetwork(network, () => {
    const x = input(tokens, width, seed);
    const up = network.up.apply(x);
    const hidden = network.activation(up);
    const out = network.apply(x);
    return {
      stages: [
        stage("x", "the vector of the token after LayerNorm", x),
        stage("up", "up(x): projection to the hidden units", up),
        stage("hidden", `${name}(up(x))`, hidden),
        stage("down", "down(hidden): projection back to dModel", out),
      ],
      active: floats(hidden),
    };
  });
}

function runGated({ width, expansion, seed, activation: name }: FeedForwardSettings, tokens: readonly string[]): NetworkOutputs {
  const hiddenDim = width * expansion;
  const network = gatedFeedForward({ dModel: width, hiddenDim, activation: name, random: new Random(seed) });
  return runNetwork(network, () => {
    const x = input(tokens, width, seed);
    const [gate, up] = [network.gate.apply(x), network.up.apply(x)];
    const gateValues = network.activation(gate);
    return {
      stages: [
        stage("x", "the vector of the token after LayerNorm", x),
        stage("gate", `${name}(gate(x)): the gate`, gateValues),
        stage("up", "up(x): the values to be gated", up),
        stage("hidden", `${name}(gate(x)) · up(x)`, gatedActivation(gate, up, network.activation)),
        stage("down", "down(hidden): projection back to dModel", network.apply(x)),
      ],
      active: floats(gateValues),
    };
  });
}

function runNetwork(network: FeedForward | GatedFeedForward, run: () => Omit<NetworkOutputs, "parameters">): NetworkOutputs {
  try {
    return { ...scope(run), parameters: parameterCount(network) };
  } finally {
    network.dispose();
  }
}

/** The number of parameters of a network. */
export function parameterCount(network: FeedForward | GatedFeedForward): number {
  return Object.values(network.parameters()).reduce((sum, { size }) => sum + size, 0);
}

/** `[1, tokens, width]` */
function input(tokens: readonly string[], width: number, seed: number): Tensor {
  return layerNorm(embedTokens(tokens, { dModel: width, seed }));
}

/** The tensor of a part, whose last dimension is the columns. */
export function stage(name: string, formula: string, x: Tensor): FeedForwardStage {
  return { name, formula, columns: x.shape.at(-1)!, values: floats(x) };
}
