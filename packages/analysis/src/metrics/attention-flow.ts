import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { FlowNetwork } from "./paths/flow-network.js";
import { checkedPath, type Mixing, type Path, type PathOptions, type PathScores, scorePaths } from "./paths/mixing.js";

/** What {@link attentionFlow} returns. */
export interface AttentionFlow extends PathScores {
  readonly metric: "attentionFlow";
}

/** The largest length · layers: 32 tokens in 6 layers. */
const maxNodes = 192;

/**
 * Attention flow: how much of each token after the last layer can come from each input token, if attention weights are the
 * capacities of pipes.
 *
 * The maximum flow from token i above the last layer to input token j, for every pair by itself, where layer l has a pipe of
 * capacity Âₗ[i][j] between token i above it and token j below it; see {@link attentionRollout} for Â. Rows are then divided by
 * their sum. Flow spreads more evenly than rollout. Compare with `nullScores`, the flow of uniform attention under the same masks.
 *
 * It solves length² flow problems, so length · layers may be 192 at most.
 *
 * Source: Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers"; Dinitz 1970 for the algorithm.
 *
 * @param maps the maps of self-attention, from the first layer to the last, on the same sequences
 * @throws ShapeError when layers differ in batch or length, or are not square
 * @throws ValueError when length · layers is above 192, there is no layer, option `layers` is not increasing indices of them,
 *   `residual` is not from 0 to 1, or an option is unknown
 */
export function attentionFlow(maps: readonly AttentionMaps[], options: PathOptions = {}): AttentionFlow {
  const path = checkedPath("attentionFlow", maps, options);
  checkSize(path);
  const scores = scorePaths(path, (mixings) => flowsOf(mixings, path.length).map(divideBySum));
  return { metric: "attentionFlow", version: 1, layers: path.layers, residual: path.residual, ...scores };
}

function checkSize({ length, layers }: Path): void {
  if (length * layers.length <= maxNodes) return;
  const received = `${length} tokens · ${layers.length} layers = ${length * layers.length}`;
  const advice = "pass fewer tokens or layers, or use attentionRollout";
  refuse(ValueError, "attentionFlow", "maps", `of length · layers <= ${maxNodes}`, received, advice);
}

/** `[query][key]`: maximum flows from a token above the last layer to an input token. */
function flowsOf(mixings: readonly Mixing[], length: number): Mixing {
  const [bottom, top] = [mixings[0]!, mixings.at(-1)!];
  if (mixings.length === 1) return top;
  const inner = mixings.slice(1, -1);
  // Tokens between layers, those above the first layer first; then a source and a sink, connected anew for each pair.
  const network = new FlowNetwork((inner.length + 1) * length + 2);
  const source = (inner.length + 1) * length;
  inner.forEach((mixing, depth) => connect(network, mixing, (depth + 1) * length, depth * length));
  const tokens = Array.from({ length }, (_, token) => token);
  const intoTop = tokens.map((token) => network.addPipe(source, inner.length * length + token, 0));
  const outOfBottom = tokens.map((token) => network.addPipe(token, source + 1, 0));
  return tokens.map((query) => {
    intoTop.forEach((pipe, token) => network.setCapacity(pipe, top[query]![token]!));
    return Float64Array.from(tokens, (key) => {
      outOfBottom.forEach((pipe, token) => network.setCapacity(pipe, bottom[token]![key]!));
      return network.maxFlow(source, source + 1);
    });
  });
}

/** Adds the pipes of a layer, from the tokens above it to those below. */
function connect(network: FlowNetwork, mixing: Mixing, above: number, below: number): void {
  mixing.forEach((row, query) => {
    row.forEach((capacity, key) => capacity > 0 && network.addPipe(above + query, below + key, capacity));
  });
}

function divideBySum(row: Float64Array): Float64Array {
  const sum = row.reduce((total, flow) => total + flow, 0);
  return row.map((flow) => flow / sum);
}
