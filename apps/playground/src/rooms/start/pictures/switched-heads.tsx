import type { JSX } from "preact";
import type { AttentionStack, HeadPlace } from "../../../models/model-info.js";
import type { EditSpec } from "../../../reading/edit-spec.js";
import { Switch } from "../../../ui/fields.js";
import { headName } from "../../../ui/head-name.js";
import type { StepProps } from "../lesson-step.js";
import { patchedHead, restart } from "../steps/starts.js";
import { useRequest } from "../use-request.js";
import { PredictedText } from "./predictions.js";

/** Switches for all heads, the loss before and after, and the predictions that are left. */
export function SwitchedHeads(props: StepProps): JSX.Element {
  const { workspace } = props;
  const stack = workspace.info.value?.stacks.find(({ kind }) => kind === workspace.state.value.head.kind);
  return (
    <>
      {stack !== undefined && <HeadSwitches {...props} stack={stack} />}
      <PatchSwitch {...props} />
      <Losses {...props} />
      <PredictedText {...props} start={restart} />
    </>
  );
}

function HeadSwitches({ workspace, stack }: StepProps & { readonly stack: AttentionStack }): JSX.Element {
  const { edits } = workspace.state.value;
  const off = new Set(edits.flatMap((edit) => (edit.kind === "ablate" ? edit.heads.map((head) => `${edit.part} ${head}`) : [])));
  const isOff = (part: string, head: number): boolean => off.has(`${part} ${head}`);
  const others = edits.filter(({ kind }) => kind !== "ablate");
  const set = (wanted: (part: string, head: number) => boolean): void => workspace.edit([...ablations(stack, wanted), ...others]);
  return (
    <div class="head-switches" role="group" aria-label="Heads that are on">
      {stack.parts.map((part, layer) => (
        <div key={part} class="head-switch-row">
          <span>layer {layer}</span>
          {Array.from({ length: stack.heads }, (_, head) => (
            <button
              key={head}
              type="button"
              role="switch"
              class="head-switch"
              aria-checked={!isOff(part, head)}
              onClick={() => set((each, index) => (each === part && index === head ? !isOff(part, head) : isOff(each, index)))}
            >
              {nameOf(stack, layer, head)} {isOff(part, head) ? "off" : "on"}
            </button>
          ))}
          <button
            type="button"
            class="plain-button"
            onClick={() => set((each, index) => (each === part ? !allOff(stack, part, isOff) : isOff(each, index)))}
          >
            {allOff(stack, part, isOff) ? "all on" : "all off"}
          </button>
        </div>
      ))}
    </div>
  );
}

/** A switch that puts in what a head writes when the model reads another text; it comes after the switched-off heads, so that it counts. */
function PatchSwitch({ workspace }: StepProps): JSX.Element {
  const { edits } = workspace.state.value;
  const isOn = edits.some(({ kind }) => kind === "patch");
  const toggle = (): void => workspace.edit([...edits.filter(({ kind }) => kind !== "patch"), ...(isOn ? [] : [patchedHead])]);
  return <Switch label={`Patch: L0·H0 writes what it does in “${patchedHead.from}”`} value={isOn} onChange={toggle} />;
}

const allOff = ({ heads }: AttentionStack, part: string, isOff: (part: string, head: number) => boolean): boolean =>
  Array.from({ length: heads }, (_, head) => head).every((head) => isOff(part, head));

function nameOf({ kind }: AttentionStack, layer: number, head: number): string {
  const place: HeadPlace = { kind, layer, head };
  return headName(place);
}

/** One ablation for each layer that has a head switched off. */
function ablations({ parts, heads }: AttentionStack, isOff: (part: string, head: number) => boolean): EditSpec[] {
  return parts.flatMap((part) => {
    const off = Array.from({ length: heads }, (_, head) => head).filter((head) => isOff(part, head));
    return off.length === 0 ? [] : [{ kind: "ablate", part, heads: off, by: "zero" } as const];
  });
}

/** The mean loss with all heads and as the model is now. */
function Losses({ workspace, readings }: StepProps): JSX.Element {
  useRequest(workspace, readings.before, (input) => ({ ...input, edits: [] }));
  const before = readings.before.answered.value?.result.meanLoss;
  const after = readings.predictions.answered.value?.result.meanLoss;
  const most = Math.max(before ?? 0, after ?? 0, 1);
  return (
    <dl class="loss-bars" aria-live="polite">
      <LossBar name="mean loss, all heads on" value={before} most={most} />
      <LossBar name="mean loss now" value={after} most={most} />
    </dl>
  );
}

function LossBar({
  name,
  value,
  most,
}: {
  readonly name: string;
  readonly value: number | null | undefined;
  readonly most: number;
}): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="loss-bar" style={{ width: `${(100 * (value ?? 0)) / most}%` }} aria-hidden="true" />
        {value === null || value === undefined ? "…" : `${value.toFixed(2)} nats`}
      </dd>
    </div>
  );
}
