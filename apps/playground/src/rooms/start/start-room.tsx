import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Question } from "../../ui/question.js";
import { chosenModelOf } from "../../workspace/open-chosen-model.js";
import { Workspace, type WorkspaceState } from "../../workspace/workspace.js";
import { writeWorkspace } from "../../workspace/workspace-link.js";
import type { RoomProps } from "../room.js";
import { useFollowedLink } from "../use-followed-link.js";
import { lesson } from "./lesson.js";
import { readPlace, writePlace } from "./lesson-link.js";
import { LessonReadings } from "./lesson-readings.js";
import type { LessonStep } from "./lesson-step.js";

/** A lesson in ten steps: from a text to the head that makes the prediction, and to a model of one's own. */
export function StartRoom({ compute, parameters, saveLink }: RoomProps): JSX.Element {
  const [first] = useMemo(() => [readPlace(parameters)], []);
  const step = useSignal(first.step);
  const workspace = useMemo(() => new Workspace(first.shown), []);
  const readings = useMemo(() => new LessonReadings(compute, workspace), [compute]);
  const chosen = useMemo(() => chosenModelOf(compute, workspace), [compute]);
  const heading = useRef<HTMLHeadingElement>(null);
  const show = (place: ReturnType<typeof readPlace>): void => {
    if (place.step !== step.value) readings.clear();
    step.value = place.step;
    workspace.restore(place.shown);
  };
  useEffect(() => {
    workspace.onChange = (shown, isStep) => saveLink(writePlace({ step: step.value, shown }), isStep ? "step" : "refinement");
    return () => readings.clear();
  }, [workspace]);
  useFollowedLink(parameters, () => show(readPlace(parameters)));
  const go = (next: number): void => {
    const place = { step: next, shown: lesson[next]!.start };
    show(place);
    saveLink(writePlace(place), "place");
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: "nearest" });
  };
  const { id, title, Teaches, Picture, asks, more } = lesson[step.value]!;
  const { question, answer } = asks(workspace.state.value);
  return (
    <article class={`lesson step-${id}`} aria-busy={chosen.opening.value !== undefined}>
      <StepList step={step.value} go={go} />
      <div class="lesson-words">
        <p class="lesson-count">
          Step {step.value + 1} of {lesson.length}
        </p>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <Teaches />
        <Question key={question} question={question}>
          {answer}
        </Question>
        <Onward step={step.value} more={more} shown={workspace.state.value} go={go} />
      </div>
      <section class="lesson-picture panel" aria-label={`Picture of step ${step.value + 1}`}>
        {chosen.failure.value !== undefined && (
          <p class="failure" role="alert">
            {chosen.failure.value}{" "}
            <button type="button" class="plain-button" onClick={() => chosen.retry()}>
              Try again
            </button>
          </p>
        )}
        <Picture key={id} compute={compute} workspace={workspace} readings={readings} />
      </section>
    </article>
  );
}

/** The steps as a row of numbers. */
function StepList({ step, go }: { readonly step: number; readonly go: (step: number) => void }): JSX.Element {
  return (
    <nav class="lesson-steps" aria-label="Steps of the lesson">
      <ol>
        {lesson.map(({ id, title }, index) => (
          <li key={id}>
            <a
              href={`#/start?${writePlace({ step: index, shown: lesson[index]!.start })}`}
              aria-current={index === step ? "step" : undefined}
              aria-label={`Step ${index + 1}: ${title}`}
              title={title}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                go(index);
              }}
            >
              <span class="step-number">{index + 1}</span> <span class="step-title">{title}</span>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface OnwardProps {
  readonly step: number;
  readonly more: LessonStep["more"];
  readonly shown: WorkspaceState;
  readonly go: (step: number) => void;
}

/** Where to go from a step. */
function Onward({ step, more, shown, go }: OnwardProps): JSX.Element {
  const next = lesson[step + 1];
  const link = new URLSearchParams({ v: "2", ...Object.fromEntries(writeWorkspace(shown)) });
  return (
    <div class="lesson-onward">
      {step > 0 && (
        <button type="button" class="plain-button" onClick={() => go(step - 1)}>
          ← Back
        </button>
      )}
      {next !== undefined && (
        <button type="button" class="plain-button strong" onClick={() => go(step + 1)}>
          Next: {next.title}
          {"\u00A0"}→
        </button>
      )}
      {more.map(({ room, title }) => (
        <a key={room} href={`#/${room}?${link}`}>
          {title}
        </a>
      ))}
      <a class="lesson-embed" href={`#/start?${writePlace({ step, shown })}&embed=1`} target="_blank" rel="noopener">
        This step without menus, for a class
      </a>
    </div>
  );
}
