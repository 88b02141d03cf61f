import { expect, it } from "vitest";
import * as analysis from "../index.js";
import { relativeMetrics, rowMetrics, tokensOf, widerMetrics } from "../testing/every-metric.js";

const rows = [1, 0, 0, 0.25, 0.75, 0, 0.5, 0.25, 0.25];
const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
const maps = analysis.attentionMaps([...rows, ...rows], [2, 1, 3, 3], { mask: causal });
const metrics: Record<string, (all: analysis.AttentionMaps, minKeys: number) => { readonly metric: string }> = {
  ...rowMetrics,
  ...widerMetrics,
  ...relativeMetrics,
  offsetSpectrum: (all) => analysis.offsetSpectrum(all),
  mergeScores: (all) => analysis.mergeScores([analysis.entropy(all)]),
};

it.each(Object.entries(metrics))("%s gives plain JSON that names its metric", (_name, metric) => {
  for (const minKeys of [1, 5]) {
    const result = metric(maps, minKeys);
    expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result);
    expect(result).toMatchObject({ version: 1, batch: 2 });
    expect(analysis).toHaveProperty(result.metric);
  }
});

const labels = () => analysis.labelHeads(analysis.headScores(maps, { ids: tokensOf(maps) }), { ids: tokensOf(maps) });
const distances = analysis.headDiversity(maps, { minKeys: 1 }).distances as number[][];
const others: Record<string, () => unknown> = {
  attentionRollout: () => analysis.attentionRollout([maps, maps]),
  attentionFlow: () => analysis.attentionFlow([maps, maps]),
  headDistances: () => analysis.headDistances(maps),
  headLayout: () => analysis.headLayout(distances),
  clusterHeads: () => analysis.clusterHeads(distances),
  effectiveHeads: () => analysis.effectiveHeads(maps),
  headCka: () => analysis.headCka([...rows, ...rows], [1, 2, 3, 3]),
  headScores: () => analysis.headScores(maps, { ids: tokensOf(maps) }),
  labelHeads: labels,
};

it.each(Object.entries(others))("%s gives plain JSON", (_name, compute) => {
  const result = compute();
  expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result);
});

it("covers every metric of the package", () => {
  const names = Object.entries(metrics).map(([, metric]) => metric(maps, 1).metric);
  const shorthands = ["previousTokenMass", "selfMass", "nextTokenMass"];
  const makers = [
    "attentionMaps",
    "readAttention",
    "mergeScores",
    "duplicateTokenPattern",
    "inductionPattern",
    "labelRules",
    "isDelimiterText",
  ];
  const ofMatrices = ["effectiveRank", "stableRank", "participationRatio", "linearCka"];
  expect([...new Set([...names, ...shorthands, ...makers, ...ofMatrices, ...Object.keys(others)])].toSorted()).toEqual(
    Object.keys(analysis).toSorted(),
  );
  for (const name of shorthands) expect((analysis[name as keyof typeof analysis] as typeof analysis.selfMass)(maps).metric).toBe(name);
});
