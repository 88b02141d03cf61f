import type { JSX } from "preact";
import type { PositionPrediction } from "../../../reading/readings.js";
import { describeToken } from "../../../ui/format.js";
import { ProbabilityBars } from "../../../ui/probability-bars.js";

interface PositionDetailProps {
  readonly token: string;
  readonly position: number;
  readonly predicts: "the next token" | "masked tokens";
  readonly before: PositionPrediction;
  /** Undefined while nothing is changed. */
  readonly after: PositionPrediction | undefined;
}

/** What the model expects at one position, before and after, side by side. */
export function PositionDetail({ token, position, predicts, before, after }: PositionDetailProps): JSX.Element {
  return (
    <div class="position-detail">
      <p class="prediction-title">
        {predicts === "the next token" ? "After" : "At"}{" "}
        <strong>
          <bdi>{describeToken(token, position)}</bdi>
        </strong>{" "}
        the model expects:
      </p>
      <div class="before-after">
        <Expected title="Before" prediction={before} />
        {after !== undefined && <Expected title="After" prediction={after} />}
      </div>
    </div>
  );
}

function Expected({
  title,
  prediction: { top, actual },
}: {
  readonly title: string;
  readonly prediction: PositionPrediction;
}): JSX.Element {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ProbabilityBars tokens={top} actual={actual?.id} />
    </section>
  );
}
