import type { JSX } from "preact";
import type { PositionPrediction, PredictionsReading } from "../../reading/readings.js";
import { DataTable } from "../../ui/data-table.js";
import { formatNumber, visibleToken } from "../../ui/format.js";
import { NamedToken } from "../../ui/named-token.js";
import { formatProbability } from "../../ui/probability-bars.js";
import { isOther } from "./effect-words.js";

/** Longer texts are cut in the table. */
const mostRows = 200;

interface PredictionTableProps {
  readonly before: PredictionsReading;
  readonly after: PredictionsReading;
  readonly tokens: readonly string[];
  readonly predicts: "the next token" | "masked tokens";
}

/** What the model predicts at each position, with both masks. */
export function PredictionTable({ before, after, tokens, predicts }: PredictionTableProps): JSX.Element {
  const isNext = predicts === "the next token";
  const columns = [isNext ? "after" : "at", "own mask", "your mask", ...(isNext ? ["follows", "its loss"] : [])];
  const positions = before.positions.slice(0, mostRows);
  return (
    <div class="stacked">
      <DataTable label="Predictions with both masks" columns={columns} kind="mask-predictions" height="tall">
        {positions.map((prediction, position) => (
          <PredictionRow
            key={position}
            token={tokens[position] ?? ""}
            position={position}
            before={prediction}
            after={after.positions[position]}
            isNext={isNext}
          />
        ))}
      </DataTable>
      {before.positions.length > mostRows && <p class="hint">The first {mostRows} positions are shown.</p>}
    </div>
  );
}

interface PredictionRowProps {
  readonly token: string;
  readonly position: number;
  readonly before: PositionPrediction;
  readonly after: PositionPrediction | undefined;
  readonly isNext: boolean;
}

function PredictionRow({ token, position, before, after, isNext }: PredictionRowProps): JSX.Element {
  return (
    <tr class={isOther(before, after) ? "differs" : undefined}>
      <th scope="row">
        <NamedToken token={token} position={position} />
      </th>
      <td>
        <Likeliest prediction={before} />
      </td>
      <td>
        <Likeliest prediction={after} />
      </td>
      {isNext && (
        <>
          <td>{before.actual && <bdi>{visibleToken(before.actual.text)}</bdi>}</td>
          <td>{before.actual && `${formatNumber(before.actual.loss)} → ${formatNumber(after?.actual?.loss ?? Number.NaN)}`}</td>
        </>
      )}
    </tr>
  );
}

function Likeliest({ prediction }: { readonly prediction: PositionPrediction | undefined }): JSX.Element | null {
  const likeliest = prediction?.top[0];
  if (likeliest === undefined) return null;
  return (
    <>
      <bdi>{visibleToken(likeliest.text)}</bdi> <span class="share">{formatProbability(likeliest.probability)}</span>
    </>
  );
}
