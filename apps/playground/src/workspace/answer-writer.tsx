import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Compute } from "../compute/compute-client.js";
import { LiveResult } from "../compute/live-result.js";
import type { Outcome } from "../compute/outcome.js";
import type { TaskPort } from "../compute/task.js";
import { modelsUrl } from "../models/models-url.js";
import type { ReadingInput } from "../reading/reading-input.js";
import type { Continuation } from "../reading/readings.js";
import { LiveLine } from "../ui/live-line.js";
import { callsAbout } from "./calls-about.js";
import type { Workspace } from "./workspace.js";

/** The likeliest token each time, and not more than a reader looks at. */
const settings = { count: 64, temperature: 0, seed: 0 };

/** The functions of the worker that are called here. */
export interface WritingCalls {
  generate(modelsUrl: string, input: ReadingInput, writing: typeof settings, port: TaskPort): Promise<Outcome<Continuation | undefined>>;
}

interface AnswerWriterProps {
  readonly compute: Pick<Compute<{ readonly reading: WritingCalls }>, "calls">;
  readonly workspace: Workspace;
}

/** Lets an encoder-decoder write the output for the input. */
export function AnswerWriter({ compute, workspace }: AnswerWriterProps): JSX.Element {
  const [writing] = useState(
    () => new LiveResult<ReadingInput, Continuation>((input, { port }) => writeAnswer({ compute, workspace }, input, port)),
  );
  return (
    <div class="answer-writer">
      <button
        type="button"
        class="plain-button"
        disabled={writing.busy.value}
        onClick={() => writing.request({ ...workspace.input.value, answer: "" })}
      >
        Let the model write it
      </button>
      <LiveLine live={writing} what="Writing" />
    </div>
  );
}

/** Writes the output for an input into the workspace, unless the reader has changed the input meanwhile. */
async function writeAnswer(
  { compute, workspace }: AnswerWriterProps,
  input: ReadingInput,
  port: TaskPort,
): Promise<Outcome<Continuation | undefined>> {
  const { reading } = await callsAbout(compute, workspace, input);
  const outcome = await reading.generate(modelsUrl, input, settings, port);
  const { model, text } = workspace.state.peek();
  if (outcome.ok && outcome.result && model === input.model && text === input.text) workspace.writeAnswer(outcome.result.added);
  return outcome;
}
