import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Cell } from "../../../ui/cell.js";
import { CellOrigin } from "../../../ui/cell-origin.js";
import type { HeatMapData } from "../../../ui/draw-heat-map.js";
import { topKeys } from "../../../ui/read-map.js";
import type { StepProps } from "../lesson-step.js";
import { restart } from "../steps/starts.js";
import { HeadPicture } from "./head-picture.js";

/** A map, and every number behind its chosen cell. */
export function CellNumbers(props: StepProps): JSX.Element {
  const { readings } = props;
  const pinned = useSignal<Cell | undefined>(undefined);
  const shown = readings.head.answered.value;
  const cell = pinned.value ?? (shown && firstCell(shown.result.map));
  useEffect(() => {
    if (shown !== undefined && cell !== undefined) readings.cell.request({ ...shown.input, ...cell });
  }, [shown, cell?.query, cell?.key]);
  const numbers = readings.cell.answered.value?.result;
  return (
    <div class="lesson-pair">
      <HeadPicture {...props} pinned={cell} onPin={(next) => (pinned.value = next)} />
      {numbers !== undefined && shown !== undefined && (
        <CellOrigin
          cell={numbers}
          queryTokens={shown.result.rowTokens}
          keyTokens={shown.result.columnTokens}
          onChooseKey={(key) => (pinned.value = { query: numbers.query, key })}
        />
      )}
    </div>
  );
}

/** The strongest cell of the row that the step before has asked about, or of the last row of a shorter text. */
function firstCell(map: HeatMapData): Cell | undefined {
  const query = Math.min(restart, map.rows - 1);
  const [top] = topKeys(map, query, 1);
  return top && { query, key: top.key };
}
