import type { AttentionPoint, BackendFigures, Figures, Timing } from "./figures.js";

/** One number with everything that it depends on. */
export interface FigureRow {
  readonly what: string;
  readonly size: string;
  readonly threads: number;
  readonly value: number;
  readonly unit: string;
  /** The range over the runs; null for what does not vary. */
  readonly spread: Pick<Timing, "least" | "most" | "runs"> | null;
}

/** Every number that was measured, one a row. */
export function figureRows({ all, single, generation }: Figures): FigureRow[] {
  const backends = single === null ? [all] : [all, single];
  const threads = all.info.threads.got;
  return [
    ...backends.flatMap(attentionRows),
    ...backends.flatMap(productRows),
    ...(generation === null
      ? []
      : [
          {
            what: `writing with ${generation.title}, first token`,
            size: `prompt of ${generation.promptTokens} tokens, ${generation.parameters} parameters`,
            threads,
            value: generation.firstToken,
            unit: "ms",
            spread: null,
          },
          timeRow(
            `writing with ${generation.title}, each token after the first`,
            `${generation.newTokens} tokens, ${generation.parameters} parameters`,
            threads,
            generation.nextToken,
          ),
        ]),
  ];
}

function attentionRows({ info, heads, headDim, attention }: BackendFigures): FigureRow[] {
  const threads = info.threads.got;
  const rowsOf = (point: AttentionPoint, path: "fused" | "composed"): FigureRow[] => {
    const cost = point[path];
    if (cost === null) return [];
    const size = `[1, ${heads}, ${point.length}, ${headDim}] float32`;
    const what = `${path} attention`;
    return [
      timeRow(what, size, threads, cost.time),
      { what: `${what}, peak memory`, size, threads, value: cost.peakBytes, unit: "bytes", spread: null },
    ];
  };
  return attention.flatMap((point) => [...rowsOf(point, "composed"), ...rowsOf(point, "fused")]);
}

function productRows({ info, products }: BackendFigures): FigureRow[] {
  return products.map(({ size, time }) =>
    timeRow("matrix product", `[${size}, ${size}] · [${size}, ${size}] float32`, info.threads.got, time),
  );
}

function timeRow(what: string, size: string, threads: number, { median, least, most, runs }: Timing): FigureRow {
  return { what, size, threads, value: median, unit: "ms", spread: { least, most, runs } };
}
