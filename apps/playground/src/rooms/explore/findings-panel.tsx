import type { JSX } from "preact";
import { HeadFindingsView } from "../../ui/head-findings.js";
import { headName } from "../../ui/head-name.js";
import { Panel } from "../../ui/panel.js";
import { Term } from "../../ui/term.js";
import type { StateProps } from "./state-props.js";

/** What the chosen head does, in labels and numbers. */
export function FindingsPanel({ state }: StateProps): JSX.Element | null {
  const findings = state.readings.head.answered.value?.result;
  if (findings === undefined) return null;
  return (
    <Panel
      id="findings"
      title={`What ${headName(findings.place)} does`}
      teaches={
        <>
          Each <Term name="label">label</Term> follows from a rule, with the rows that decided. Each number stands beside its{" "}
          <Term name="null">null</Term>, that of a head which looks everywhere alike: only what is far from it means something.
        </>
      }
      question="Change the text so that the rule no longer applies. Does the label go?"
    >
      <HeadFindingsView findings={findings} />
    </Panel>
  );
}
