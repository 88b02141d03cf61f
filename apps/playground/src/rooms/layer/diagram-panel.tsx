import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { figurePictures } from "../../exports/figure-files.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { Panel } from "../../ui/panel.js";
import type { BoxName } from "./boxes.js";
import { type Layout, layout, type PlacedBox } from "./layout.js";
import type { LayerSettings } from "./settings.js";

interface DiagramPanelProps {
  readonly settings: LayerSettings;
  readonly open: BoxName;
  readonly choose: (box: BoxName) => void;
}

/** The layer as boxes and arrows. Choosing a box shows its tensor. */
export function DiagramPanel({ settings, open, choose }: DiagramPanelProps): JSX.Element {
  const drawn = useMemo(() => layout(settings), [settings]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = drawn.boxes.findIndex(({ box }) => box.name === open) + step;
    const next = drawn.boxes[Math.min(drawn.boxes.length - 1, Math.max(0, at))]!.box.name;
    choose(next);
    (event.currentTarget as SVGElement).querySelector<SVGElement>(`[data-box=${next}]`)?.focus();
  };
  return (
    <Panel
      id="diagram"
      title={settings.residual === "pre" ? "Pre-norm" : "Post-norm"}
      teaches="The steps of the computation, from top to bottom. The lines on the right are the residual connections, which bypass a sublayer."
      question={{
        question:
          "Switch between pre-norm and post-norm. In which of them does a path without any norm lead from the first box to the last?",
        answer:
          "In pre-norm: from sum to sum along the lines on the right. So a gradient reaches every layer without passing a norm. In post-norm every sum goes through a norm.",
      }}
    >
      <div class="gallery-tools">
        <ExportMenu what="the diagram" files={figurePictures({ name: "layer", figure: ".diagram-picture" })} />
      </div>
      <div class="diagram-picture">
        <svg
          class="diagram"
          viewBox={`0 0 ${drawn.width} ${drawn.height}`}
          role="group"
          aria-label="The steps of the layer in the order of the computation. Use the arrow keys to move between them."
          onKeyDown={onKeyDown}
        >
          <Arrows drawn={drawn} />
          {drawn.boxes.map((placed) => (
            <DiagramBox key={placed.box.name} placed={placed} open={placed.box.name === open} choose={choose} />
          ))}
        </svg>
      </div>
    </Panel>
  );
}

function Arrows({ drawn }: { readonly drawn: Layout }): JSX.Element {
  return (
    <g aria-hidden="true">
      <defs>
        <marker id="arrow-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path class="diagram-head" d="M0 0.5L7.5 4L0 7.5z" />
        </marker>
        <marker id="skip-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5" markerHeight="5" orient="auto">
          <path class="diagram-head skip" d="M0 0.5L7.5 4L0 7.5z" />
        </marker>
      </defs>
      {drawn.residuals.map((path) => (
        <path key={path} class="diagram-skip" d={path} marker-end="url(#skip-head)" />
      ))}
      {drawn.arrows.map((path) => (
        <path key={path} class="diagram-arrow" d={path} marker-end="url(#arrow-head)" />
      ))}
    </g>
  );
}

interface DiagramBoxProps {
  readonly placed: PlacedBox;
  readonly open: boolean;
  readonly choose: (box: BoxName) => void;
}

function DiagramBox({ placed: { box, x, y, width, height }, open, choose }: DiagramBoxProps): JSX.Element {
  const { name, title, description } = box;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(name);
  };
  return (
    <g
      class={open ? "diagram-box open" : "diagram-box"}
      role="button"
      tabindex={open ? 0 : -1} // attribute names in SVG are case-sensitive
      aria-pressed={open}
      aria-label={`${title}: ${description}`}
      data-box={name}
      onClick={() => choose(name)}
      onKeyDown={onKeyDown}
    >
      <rect x={x} y={y} width={width} height={height} rx="8" />
      <text x={x + width / 2} y={y + height / 2 + 1} text-anchor="middle" dominant-baseline="middle">
        {title}
      </text>
    </g>
  );
}
