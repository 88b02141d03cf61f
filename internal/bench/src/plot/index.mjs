import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootFolder } from "../paths.mjs";
import { causal, full, window } from "../suites/attention-specs.mjs";
import { lineChart } from "./line-chart.mjs";

const lengths = [256, 512, 1024, 2048, 4096, 8192, 16384];
const shapes = { full, causal, "window 256": window };
/** Beyond it the composition's scores take more than a WASM heap has. */
const longestComposed = 4096;

/** Suite -> cases of the plots: the composition of tfjs beside full attention, ours for each mask. */
export function plotCases({ quick }) {
  const wanted = lengths.filter((n) => !quick || n <= 1024);
  const casesOf = (measure) =>
    Object.entries(shapes).flatMap(([name, make]) =>
      wanted.map((n) => ({
        case: `${name} n=${n}`,
        spec: { kind: "attention", ...make(n) },
        opponents: name === "full" && n <= longestComposed ? ["stock"] : [],
        needsFused: n > longestComposed,
        measure,
      })),
    );
  return [
    ["plot-time", casesOf("time")],
    ["plot-memory", casesOf("memory")],
  ];
}

/** Writes the two drawings into docs/; gives their paths. */
export function drawPlots(rows) {
  const [first] = rows;
  const where = `8 heads of 64, float32, ${first.runtime}, ${first.threads} thread${first.threads === 1 ? "" : "s"}`;
  const drawings = {
    "docs/attention-time.svg": { suite: "plot-time", title: "Time of one attention call", unit: "ms" },
    "docs/attention-memory.svg": { suite: "plot-memory", title: "Heap that one attention call takes beyond its inputs", unit: "MiB" },
  };
  return Object.entries(drawings).map(([path, { suite, title, unit }]) => {
    const lines = linesOf(rows.filter((row) => row.suite === suite));
    writeFileSync(join(rootFolder, path), lineChart({ title, subtitle: where, xLabel: "length n", unit, lines }));
    return path;
  });
}

/** `{ name, points: [n, value][] }` of the composition and of ours with each mask. */
function linesOf(rows) {
  const composed = rows.filter(({ opponent }) => opponent?.name === "tfjs wasm");
  const length = (row) => Number(/n=(\d+)/.exec(row.case)[1]);
  const ours = Object.keys(shapes).map((name) => {
    const points = rows.filter((row) => row.case.startsWith(`${name} `)).map((row) => [length(row), row.ours.median]);
    return { name: `tfblocks, ${name}`, points: [...new Map(points)] };
  });
  const stock = {
    name: `composed, tfjs wasm ${composed[0]?.opponent.version ?? ""}`,
    points: composed.map((row) => [length(row), row.opponent.median]),
  };
  return [stock, ...ours].filter(({ points }) => points.length > 0);
}
