import type { HeadScores } from "../../maps/row-scores.js";
import type { ReportMetric } from "./report.js";

/** The scores of one head as a report lists them. @param scores by the name that the report shows */
export function headMetrics(scores: Readonly<Record<string, HeadScores>>, head: number): ReportMetric[] {
  return Object.entries(scores).map(([name, { perHead }]) => {
    const { score, nullScore, lift } = perHead[head]!;
    return { name, score, nullScore, lift };
  });
}
