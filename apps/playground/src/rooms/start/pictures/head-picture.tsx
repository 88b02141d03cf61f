import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { weightScale } from "../../../color/color-scale.js";
import type { HeadReading } from "../../../reading/readings.js";
import type { Cell } from "../../../ui/cell.js";
import { headName } from "../../../ui/head-name.js";
import { HeatMap } from "../../../ui/heat-map.js";
import { tone } from "../../../ui/theme.js";
import { WeightLegend } from "../../../ui/weight-look.js";
import type { StepProps } from "../lesson-step.js";
import { useRequest } from "../use-request.js";

interface HeadPictureProps extends StepProps {
  readonly pinned?: Cell | undefined;
  readonly onPin?: (cell: Cell | undefined) => void;
}

/** The map of the chosen head, with its labels. */
export function HeadPicture({ workspace, readings, pinned, onPin }: HeadPictureProps): JSX.Element {
  const { head } = workspace.state.value;
  useRequest(workspace, readings.head, (input) => ({ input, place: workspace.state.value.head }));
  const ownPin = useSignal<Cell | undefined>(undefined);
  const scale = useComputed(() => weightScale("blues", tone.value)).value;
  const reading = readings.head.answered.value?.result;
  const isShared = onPin !== undefined;
  if (reading === undefined) return <p class="picture-wait">{readings.head.failure.value?.sentence ?? "Computing …"}</p>;
  return (
    <figure class="head-picture">
      <figcaption>
        <strong>{headName(head)}</strong> <Labels reading={reading} />
      </figcaption>
      <WeightLegend scale={scale} range="one" isMasked={reading.map.allowed.includes(0)} />
      <Map reading={reading} pinned={isShared ? pinned : ownPin.value} onPin={onPin ?? ((cell) => (ownPin.value = cell))} />
    </figure>
  );
}

function Map({
  reading,
  pinned,
  onPin,
}: {
  readonly reading: HeadReading;
  readonly pinned: Cell | undefined;
  readonly onPin: (cell: Cell | undefined) => void;
}): JSX.Element {
  const { rowTokens, columnTokens, map, place } = reading;
  const scale = useMemo(() => weightScale("blues", tone.value), [tone.value]);
  return (
    <HeatMap
      label={`Weights of ${headName(place)}`}
      data={map}
      scale={scale}
      queryTokens={rowTokens}
      keyTokens={columnTokens}
      pinned={pinned}
      onPin={onPin}
    />
  );
}

/** The labels of a head, each with its score beside that of uniform attention. */
function Labels({ reading: { labels } }: { readonly reading: HeadReading }): JSX.Element {
  if (labels.length === 0) return <span class="hint">no label on this text</span>;
  return (
    <>
      {labels.map(({ label, score, nullScore }) => (
        <span key={label} class="lesson-label">
          <span class="label-badge">{label}</span> {score.toFixed(2)}
          {nullScore !== null && <span class="hint"> uniform {nullScore.toFixed(2)}</span>}
        </span>
      ))}
    </>
  );
}
