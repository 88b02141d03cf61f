import type { JSX } from "preact";
import type { RoomCompute } from "../rooms/room.js";
import { ReportButtons } from "./crash.js";
import { forgetProblem, problem } from "./problems.js";

/** Says that an error happened that did not stop the room. */
export function ProblemNotice({ compute }: { readonly compute: RoomCompute }): JSX.Element | null {
  if (problem.value === undefined) return null;
  return (
    <div class="notice bad" role="alert">
      <p>
        <strong>Something went wrong.</strong> What you see may be out of date; your text and trained models are kept.{" "}
        <span class="notice-detail">{problem}</span>
      </p>
      <ReportButtons error={problem.value} compute={compute}>
        <button type="button" class="plain-button" onClick={forgetProblem}>
          Close
        </button>
      </ReportButtons>
    </div>
  );
}
