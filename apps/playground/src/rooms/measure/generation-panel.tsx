import type { JSX } from "preact";
import { formatNumber } from "../../ui/format.js";
import { WorkspaceBar } from "../../workspace/workspace-bar.js";
import type { RoomProps } from "../room.js";
import { type Figures, type GenerationFigures, threadCount } from "./figures.js";
import type { MeasureState } from "./state.js";
import { formatSpread } from "./write-figures.js";

interface GenerationPanelProps extends Pick<RoomProps, "compute" | "workspace" | "linkTo"> {
  readonly state: MeasureState;
  readonly figures: Figures;
}

/** How fast the chosen model writes. */
export function GenerationPanel({ state, figures, compute, workspace, linkTo }: GenerationPanelProps): JSX.Element {
  const { all, generation } = figures;
  return (
    <section class="panel" id="generation" aria-labelledby="generation-title">
      <header class="panel-head">
        <h2 id="generation-title">Writing with a model</h2>
        <p class="teaches">
          For the first token the model reads the whole text at once. For each further one it computes one position only, because it keeps
          the keys and values of all others.
        </p>
      </header>
      <WorkspaceBar compute={compute} workspace={workspace} linkTo={linkTo} />
      <div>
        <button
          type="button"
          class="plain-button"
          disabled={state.busy.value}
          onClick={() => void state.measureWriting(workspace.input.value)}
        >
          Measure this model
        </button>
      </div>
      {generation !== null && <WritingFigures generation={generation} threads={threadCount(all.info.threads.got)} />}
    </section>
  );
}

function WritingFigures({ generation, threads }: { readonly generation: GenerationFigures; readonly threads: string }): JSX.Element {
  const { title, parameters, promptTokens, newTokens, firstToken, nextToken, tokensPerSecond } = generation;
  return (
    <>
      <dl class="tensor-facts">
        <div>
          <dt>{title}</dt>
          <dd>{formatNumber(tokensPerSecond)} tokens per second</dd>
        </div>
        <div>
          <dt>Each token after the first</dt>
          <dd>
            {formatNumber(nextToken.median)} ms <span class="spread-numbers">{formatSpread(nextToken)}</span>
          </dd>
        </div>
        <div>
          <dt>First token, after a text of {promptTokens} tokens</dt>
          <dd>
            {formatNumber(firstToken)} ms <span class="spread-numbers">1 run</span>
          </dd>
        </div>
      </dl>
      <p class="hint">
        {newTokens} tokens, always the likeliest one; {parameters.toLocaleString("en")} parameters in float32; {threads}. Edits of the model
        are left out.
      </p>
    </>
  );
}
