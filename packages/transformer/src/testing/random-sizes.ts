import { activationNames } from "@tfblocks/feed-forward";
import { Random } from "@tfblocks/tensor-utils";
import { families, type FamilyName } from "../families/registry.js";

/** Draws values of sizes. */
class Draws {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  integer(from: number, to: number): number {
    return from + Math.floor(this.#random.uniform() * (to - from + 1));
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.integer(0, items.length - 1)]!;
  }

  chance(probability: number): boolean {
    return this.#random.uniform() < probability;
  }
}

type Drawn = Readonly<Record<string, unknown>>;

/** How each size of every family is drawn, from the sizes before it. A new size must be added here. */
const sizeDraws: Readonly<Record<string, (draws: Draws, sizes: Drawn) => unknown>> = {
  vocabSize: (draws) => draws.integer(5, 19),
  numHeads: (draws) => draws.pick([1, 2, 4]),
  dModel: (draws, { numHeads }) => (draws.chance(0.9) ? (numHeads as number) * draws.integer(2, 4) * 2 : draws.integer(5, 21)),
  numLayers: (draws) => draws.integer(1, 3),
  dropout: (draws) => draws.pick([0, 0.1, 0.25]),
  random: () => new Random(1),
  hiddenDim: (draws) => draws.integer(3, 17),
  maxLength: (draws) => draws.integer(12, 20),
  numPositions: (draws) => draws.integer(16, 24),
  padId: (draws) => draws.integer(0, 3),
  numSegments: (draws) => draws.integer(1, 3),
  numKvHeads: (draws, { numHeads }) => draws.pick([1, 2, 4].filter((each) => (numHeads as number) % each === 0)),
  headDim: (draws) => draws.integer(1, 4) * 2,
  rotaryDim: (draws, { dModel, numHeads }) => draws.integer(1, Math.max(1, Math.floor((dModel as number) / (numHeads as number) / 2))) * 2,
  theta: (draws) => draws.pick([10000, 500, 1e6, 12345.678]),
  scaling: drawScaling,
  trainedLength: (draws) => draws.pick([64, 100, 2048]),
  activation: (draws) => draws.pick(activationNames),
  eps: (draws) => draws.pick([1e-5, 1e-6, 1e-12, 3.7e-5]),
  scaleScores: (draws) => draws.chance(0.7),
  scaleByLayer: (draws) => draws.chance(0.3),
  languageHead: (draws) => draws.chance(0.9),
  tiedHead: (draws) => draws.chance(0.5),
  scaledHead: (draws) => draws.chance(0.5),
  maskedLanguageHead: (draws) => draws.chance(0.7),
  pooler: (draws) => draws.chance(0.5),
  attentionBias: (draws) => draws.chance(0.5),
  feedForwardBias: (draws) => draws.chance(0.5),
  parallel: (draws) => draws.chance(0.5),
  gated: (draws) => draws.chance(0.5),
  numDecoderLayers: (draws) => draws.integer(1, 3),
  numBuckets: (draws) => draws.pick([4, 8, 32]),
  maxDistance: (draws) => draws.pick([40, 128]),
  queryScalar: (draws) => draws.pick([4, 7.5, 256]),
  attentionSoftcap: (draws) => draws.pick([1.5, 50, Infinity]),
  logitSoftcap: (draws) => draws.pick([2, 30, Infinity]),
  window: drawWindow,
  rotates: (draws) => draws.pick([() => true, () => false, (index: number) => index % 2 === 0, (index: number) => index > 0]),
  localTheta: (draws) => draws.pick([10000, 300, 1e6]),
  embeddingScale: (draws) => draws.pick([1, 0.5, 12]),
  attentionScale: (draws) => draws.pick([1, 0.0078125, 0.3]),
  residualScale: (draws) => draws.pick([1, 0.22, 1.5]),
  logitDivisor: (draws) => draws.pick([1, 8, 0.3]),
};

/** No, one and several lengths, in all layers or in some. */
function drawWindow(draws: Draws): (index: number) => number | undefined {
  const lengths = draws.pick([[undefined], [3], [undefined, 3], [3, undefined], [2, 5]]);
  return (index) => lengths[index % lengths.length];
}

function drawScaling(draws: Draws, { headDim, rotaryDim, dModel, numHeads }: Drawn): object | undefined {
  const pairs = ((rotaryDim ?? headDim ?? (dModel as number) / (numHeads as number)) as number) / 2;
  const factors = (from: number) => Array.from({ length: pairs }, (_, pair) => from + pair / 4);
  const [factor, originalMaxLength] = [draws.pick([1, 2.5, 8]), draws.pick([8, 32])];
  return draws.pick([
    undefined,
    undefined,
    { type: "linear", factor },
    { type: "ntk", factor },
    { type: "dynamic", factor, originalMaxLength },
    { type: "yarn", factor, originalMaxLength },
    { type: "yarn", factor, originalMaxLength, betaFast: 4, betaSlow: 0.5, mscale: 0.7, mscaleAllDim: 1.1, truncate: false },
    { type: "yarn", factor, originalMaxLength, attentionFactor: 1.25 },
    { type: "llama3", factor, lowFreqFactor: 1, highFreqFactor: 4, originalMaxLength },
    { type: "longrope", shortFactor: factors(1), longFactor: factors(2), originalMaxLength, factor },
    { type: "longrope", shortFactor: factors(1), longFactor: factors(2), originalMaxLength, attentionFactor: 1.2 },
  ]);
}

/** A family and sizes of it; a quarter of the sizes that have a default are left out. */
export function randomSizes(seed: number): { readonly family: FamilyName; readonly sizes: object } {
  const draws = new Draws(new Random(seed));
  const family = draws.pick(Object.keys(families) as FamilyName[]);
  const names = families[family].sizeNames;
  const ordered = ["vocabSize", "numHeads", "dModel", ...names.filter((name) => !["vocabSize", "numHeads", "dModel"].includes(name))];
  const sizes: Record<string, unknown> = {};
  for (const name of ordered) {
    const draw = sizeDraws[name];
    if (draw === undefined) throw new Error(`randomSizes: "${name}" of ${family} is not in the table`);
    const value = draw(draws, sizes);
    if (Object.hasOwn(required, name) || !draws.chance(0.25)) sizes[name] = value;
  }
  return { family, sizes };
}

/** Sizes without a default. */
const required = { vocabSize: 1, dModel: 1, numLayers: 1, numHeads: 1, hiddenDim: 1, maxLength: 1, numPositions: 1 };
