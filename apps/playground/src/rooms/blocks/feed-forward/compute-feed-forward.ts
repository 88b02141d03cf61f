import { memory, type Tensor, tensor1d, valueAndGrad } from "@tensorflow/tfjs-core";
import {
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
import type { Curve, FeedForwardPicture, FeedForwardStage } from "./picture.js";
import type { FeedForwardSettings } from "./settings.js";

const reach = 5;
const samples = 161;

/** Runs the tokens through the network part by part; no tensor is left over. */
export function computeFeedForward(settings: FeedForwardSettings, tokens: readonly string[]): FeedForwardPicture {
  const started = performance.now();
  const xs = Float32Array.from({ length: samples }, (_, index) => -reach + (2 * reach * index) / (samples - 1));
  const names = [...new Set([settings.activation, settings.compared])];
  const passed = (settings.gated ? gatedPass : plainPass)(settings, tokens);
  return {
    tokens,
    xs,
    curves: names.map((name) => curve(name, xs)),
    ...passed,
    hiddenDim: settings.width * settings.expansion,
    milliseconds: performance.now() - started,
    liveTensors: memory().numTensors,
  };
}

/** Values and slopes of an activation. */
export function curve(name: string, xs: Float32Array): Curve {
  return scope(() => {
    const run = valueAndGrad((x: Tensor) => activation(name)(x));
    const { value, grad } = run(tensor1d(xs), tensor1d(new Float32Array(xs.length).fill(1)));
    return { name, values: floats(value), slopes: floats(grad) };
  });
}

type Passed = Pick<FeedForwardPicture, "stages" | "fired" | "parameters">;

function plainPass({ width, expansion, seed, activation: name }: FeedForwardSettings, tokens: readonly string[]): Passed {
  const hiddenDim = width * expansion;
  const network = feedForward({ dModel: width, hiddenDim, activation: name, random: new Random(seed) });
  return pass(network, () => {
    const x = input(tokens, width, seed);
    const up = network.up.apply(x);
    const hidden = network.activation(up);
    const out = network.apply(x);
    return {
      stages: [
        stage("x", "the token's vector, after LayerNorm", x),
        stage("up", "up(x): widened", up),
        stage("hidden", `${name}(up(x))`, hidden),
        stage("down", "down(hidden): narrowed again", out),
      ],
      fired: floats(hidden),
    };
  });
}

function gatedPass({ width, expansion, seed, activation: name }: FeedForwardSettings, tokens: readonly string[]): Passed {
  const hiddenDim = width * expansion;
  const network = gatedFeedForward({ dModel: width, hiddenDim, activation: name, random: new Random(seed) });
  return pass(network, () => {
    const x = input(tokens, width, seed);
    const [gate, up] = [network.gate.apply(x), network.up.apply(x)];
    const opened = network.activation(gate);
    return {
      stages: [
        stage("x", "the token's vector, after LayerNorm", x),
        stage("gate", `${name}(gate(x)): how much may pass`, opened),
        stage("up", "up(x): what would pass", up),
        stage("hidden", `${name}(gate(x)) · up(x)`, gatedActivation(gate, up, network.activation)),
        stage("down", "down(hidden): narrowed again", network.apply(x)),
      ],
      fired: floats(opened),
    };
  });
}

function pass(network: FeedForward | GatedFeedForward, run: () => Omit<Passed, "parameters">): Passed {
  try {
    const parameters = Object.values(network.parameters()).reduce((sum, { size }) => sum + size, 0);
    return { ...scope(run), parameters };
  } finally {
    network.dispose();
  }
}

/** `[1, tokens, width]` */
function input(tokens: readonly string[], width: number, seed: number): Tensor {
  return layerNorm(embedTokens(tokens, { dModel: width, seed }));
}

function stage(name: string, formula: string, x: Tensor): FeedForwardStage {
  return { name, formula, columns: x.shape.at(-1)!, values: floats(x) };
}
