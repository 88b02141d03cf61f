import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Saving } from "../../../exports/saving.js";
import { modelsUrl } from "../../../models/models-url.js";
import { choicesOf, Segmented } from "../../../ui/fields.js";
import { useFollowedLink } from "../../use-followed-link.js";
import type { BlockProps } from "../block-props.js";
import { ModelFrame } from "../model-frame.js";
import { FactorsPanel } from "./factors-panel.js";
import { HistogramPanel } from "./histogram-panel.js";
import type { ModelNorm } from "./model-norms.js";
import { StagesPanel } from "./stages-panel.js";
import { StatisticsPanel } from "./statistics-panel.js";

const questions = {
  histogram: "Choose the last layer. How much wider are the numbers before the norm than in the first one?",
  statistics: "Which token has the largest numbers before the norm? Can you still tell after it?",
  stages: "Is there a column that is large for every token? What does the norm do to it?",
};

const titles: Readonly<Record<string, string>> = {
  attentionNorm: "of attention",
  attentionPostNorm: "after attention",
  crossAttentionNorm: "of cross-attention",
  crossAttentionPostNorm: "after cross-attention",
  feedForwardNorm: "of feed-forward",
  feedForwardPostNorm: "after feed-forward",
};

/** The norms of a layer of the chosen model. */
export function ModelNorms({ compute, workspace, linkTo, exports, parameters, saveLink }: BlockProps): JSX.Element {
  const part = useSignal(parameters.get("norm") ?? undefined);
  useFollowedLink(parameters, () => (part.value = parameters.get("norm") ?? undefined));
  const choose = (next: string): void => {
    part.value = next;
    saveLink(new URLSearchParams({ norm: next }));
  };
  return (
    <ModelFrame<readonly ModelNorm[]>
      compute={compute}
      workspace={workspace}
      linkTo={linkTo}
      exports={exports}
      ask={(blocks, request) => blocks.modelNorms(modelsUrl, request)}
    >
      {(norms, saving) => <ModelPanels norms={norms} saving={saving} part={part.value} choose={choose} />}
    </ModelFrame>
  );
}

interface ModelPanelsProps {
  readonly norms: readonly ModelNorm[];
  readonly saving: Saving;
  readonly part: string | undefined;
  readonly choose: (part: string) => void;
}

function ModelPanels({ norms, saving, part, choose }: ModelPanelsProps): JSX.Element {
  const norm = norms.find((each) => each.part === part) ?? norms[0]!;
  const token = useSignal(norm.tokens.length - 1);
  const at = Math.min(token.value, norm.tokens.length - 1);
  const chooseToken = (next: number): void => {
    token.value = next;
  };
  return (
    <>
      <div class="room-choices full">
        <Segmented
          name="norm"
          label="Norm"
          value={norm.part}
          choices={choicesOf(
            norms.map((each) => each.part),
            titles,
          )}
          onChange={choose}
        />
      </div>
      <HistogramPanel picture={norm} question={questions.histogram} token={at} choose={chooseToken} />
      <StatisticsPanel picture={norm} question={questions.statistics} token={at} choose={chooseToken} />
      <StagesPanel picture={norm} saving={withPart(saving, norm)} question={questions.stages} />
      <FactorsPanel norm={norm} />
    </>
  );
}

/** The norm is named in its files. */
function withPart({ exports, subject }: Saving, { part }: ModelNorm): Saving {
  return { exports, subject: `${subject}, norm ${titles[part] ?? part}` };
}
