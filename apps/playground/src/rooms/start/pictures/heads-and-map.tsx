import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { weightScale } from "../../../color/color-scale.js";
import type { LayerReading } from "../../../reading/readings.js";
import { type GridRow, HeadGrid } from "../../../ui/head-grid.js";
import { scoreOfLabel } from "../../../ui/metric-words.js";
import { tone } from "../../../ui/theme.js";
import type { StepProps } from "../lesson-step.js";
import { useRequest } from "../use-request.js";
import { HeadPicture } from "./head-picture.js";

/** All heads, and the chosen one large beside them. */
export function HeadsAndMap(props: StepProps): JSX.Element {
  return (
    <div class="lesson-pair">
      <Heads {...props} />
      <HeadPicture {...props} />
    </div>
  );
}

/** All heads as small maps; a click chooses one. */
function Heads({ workspace, readings }: StepProps): JSX.Element {
  const { head } = workspace.state.value;
  useRequest(workspace, readings.grid, (input) => ({ input, place: workspace.state.peek().head }));
  const layers = readings.layers.value.filter(({ kind }) => kind === head.kind);
  const scale = useMemo(() => weightScale("blues", tone.value), [tone.value]);
  const rows = useMemo(() => layers.map(gridRow), [readings.layers.value, head.kind]);
  return <HeadGrid label="All heads of the model" rows={rows} scale={scale} chosen={head} onChoose={(place) => workspace.lookAt(place)} />;
}

function gridRow({ kind, layer, heads }: LayerReading): GridRow {
  return {
    title: `L${layer}`,
    heads: heads.map((findings) => ({
      place: { kind, layer, head: findings.head },
      map: findings.thumbnail,
      labels: findings.labels,
      metric: scoreOfLabel(findings),
    })),
  };
}
