import type { JSX } from "preact";
import { visibleToken } from "../../../ui/format.js";
import type { StepProps } from "../lesson-step.js";
import { useRequest } from "../use-request.js";
import { TextLine } from "./text-line.js";

/** The tokens of the text with their numbers. */
export function TokenIds({ workspace, readings }: StepProps): JSX.Element {
  useRequest(workspace, readings.tokens, (input) => input);
  const tokens = readings.tokens.answered.value?.result.tokens ?? [];
  return (
    <>
      <TextLine workspace={workspace} readings={readings} />
      <p class="picture-title">
        {tokens.length} tokens, each with its number in a vocabulary of {workspace.info.value?.vocabSize ?? "…"}
      </p>
      <ol class="token-ids" aria-label="Tokens with their numbers">
        {tokens.map(({ id, text, isUnknown }, position) => (
          <li key={position} class={isUnknown ? "unknown" : undefined}>
            <bdi>{visibleToken(text)}</bdi>
            <small>{id}</small>
          </li>
        ))}
      </ol>
    </>
  );
}
