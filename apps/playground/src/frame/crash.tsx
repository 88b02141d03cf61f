import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { RoomCompute } from "../rooms/room.js";
import { sentenceOf } from "../compute/outcome.js";
import { copyText } from "../ui/copy-text.js";
import { writeReport } from "./report.js";

interface CrashPanelProps {
  readonly error: unknown;
  readonly compute: RoomCompute;
  readonly retry: () => void;
}

/** Shown in place of a room that has failed. */
export function CrashPanel({ error, compute, retry }: CrashPanelProps): JSX.Element {
  return (
    <div class="room">
      <section class="panel crash" role="alert" aria-labelledby="crash-title">
        <h1 id="crash-title">This room has stopped</h1>
        <p class="teaches">
          A mistake in the page keeps this room from showing. Your text, your edits and trained models are kept; the other rooms work.
        </p>
        <p class="failure">{sentenceOf(error)}</p>
        <ReportButtons error={error} compute={compute}>
          <button type="button" class="plain-button strong" onClick={retry}>
            Try again
          </button>
        </ReportButtons>
      </section>
    </div>
  );
}

interface ReportButtonsProps {
  readonly error: unknown;
  readonly compute: RoomCompute;
  readonly children: JSX.Element;
}

/** A button that copies a report on an error, beside another one. The report has no text of the reader unless the reader ticks that. */
export function ReportButtons({ error, compute, children }: ReportButtonsProps): JSX.Element {
  const withText = useSignal(false);
  const copy = (): void => {
    const surroundings = { compute: compute.state.value, hash: location.hash, browser: navigator.userAgent };
    const report = writeReport({ error, ...surroundings }, withText.value);
    void copyText(report, "Report");
  };
  return (
    <div class="report-buttons">
      {children}
      <button type="button" class="plain-button" onClick={copy}>
        Copy a report
      </button>
      <label class="report-text">
        <input type="checkbox" checked={withText.value} onChange={(event) => (withText.value = event.currentTarget.checked)} /> with my text
      </label>
    </div>
  );
}
