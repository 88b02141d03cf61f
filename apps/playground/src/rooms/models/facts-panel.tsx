import type { ComponentChildren, JSX } from "preact";
import type { AttentionStack, ModelInfo } from "../../models/model-info.js";
import { CodeBlock } from "../../ui/code-block.js";
import { OpenedDetails } from "../../ui/opened-details.js";
import { shownCount } from "../../ui/model-facts.js";
import { ModelPicker } from "../../ui/model-picker.js";
import { TaskBar } from "../../ui/task-bar.js";
import { FailureLine } from "../../ui/fields.js";
import { Term } from "../../ui/term.js";
import type { ChosenModel } from "../../workspace/open-chosen-model.js";
import type { Workspace } from "../../workspace/workspace.js";

interface FactsPanelProps {
  readonly chosen: ChosenModel;
  readonly workspace: Workspace;
  readonly exploreLink: string;
}

/** The chosen model, what it is made of, and where to look at it. */
export function FactsPanel({ chosen, workspace, exploreLink }: FactsPanelProps): JSX.Element {
  const info = workspace.info.value;
  const opening = chosen.opening.value;
  const failure = chosen.failure.value;
  return (
    <section class="panel" aria-labelledby="facts-title">
      <header class="panel-head">
        <h2 id="facts-title">The chosen model</h2>
      </header>
      <ModelPicker
        choices={chosen.choices.value}
        value={workspace.state.value.model}
        info={info}
        onChoose={(id) => workspace.chooseModel(id)}
        onOpenOwn={() => document.querySelector<HTMLElement>(".file-picker input")?.focus()}
      />
      {opening !== undefined && <TaskBar what="Opening the model" progress={opening.progress.value} onCancel={() => chosen.cancel()} />}
      <FailureLine id="model-failure" sentence={failure} />
      {failure !== undefined && (
        <button type="button" class="plain-button" onClick={() => chosen.retry()}>
          Try again
        </button>
      )}
      {info !== undefined && (
        <>
          <Facts info={info} />
          <a class="plain-button strong look-link" href={exploreLink}>
            Look at it in Explore
          </a>
        </>
      )}
    </section>
  );
}

function Facts({ info }: { readonly info: ModelInfo }): JSX.Element {
  return (
    <>
      <dl class="model-facts">
        <Fact name="Family">{info.family}</Fact>
        <Fact name="Predicts">{info.predicts === "nothing" ? "no words" : info.predicts}</Fact>
        <Fact name={<Term name="layer">Layers</Term>}>
          {info.stacks
            .filter(({ kind }) => kind !== "cross")
            .map(layersOf)
            .join(", ")}
        </Fact>
        <Fact name={<Term name="head">Heads of each layer</Term>}>{[...new Set(info.stacks.map(({ heads }) => heads))].join(", ")}</Fact>
        {info.kvHeads !== info.stacks[0]!.heads && <Fact name="Heads with own keys and values">{info.kvHeads}</Fact>}
        <Fact name="Numbers of a head">{info.headDim}</Fact>
        <Fact name={<Term name="dModel">Vector size</Term>}>{info.dModel}</Fact>
        <Fact name="Parameters">{shownCount(info.parameters)}</Fact>
        <Fact name={<Term name="vocabulary">Vocabulary</Term>}>{info.vocabSize.toLocaleString("en")} tokens</Fact>
        <Fact name="Longest text">{longestText(info)}</Fact>
      </dl>
      {info.config !== undefined && <Config config={info.config} />}
    </>
  );
}

function longestText({ maxLength, trainedLength }: ModelInfo): string {
  if (maxLength !== null) return `${maxLength.toLocaleString("en")} tokens`;
  return trainedLength === undefined ? "no limit of its own" : `no limit; trained on up to ${trainedLength.toLocaleString("en")} tokens`;
}

/** What a model of the reader says about itself. */
function Config({ config }: { readonly config: Readonly<Record<string, unknown>> }): JSX.Element {
  return (
    <OpenedDetails summary="config.json">
      {() => (
        <>
          <p class="hint">
            Each field is followed or does not change a result. A model with a field that asks for something else is not opened.
          </p>
          <CodeBlock label="config.json" code={JSON.stringify(config, null, 2)} />
        </>
      )}
    </OpenedDetails>
  );
}

function Fact({ name, children }: { readonly name: ComponentChildren; readonly children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function layersOf({ kind, parts }: AttentionStack): string {
  return kind === "self" ? String(parts.length) : `${parts.length} in the ${kind}`;
}
