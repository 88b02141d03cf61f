import { useSignalEffect } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Compute } from "../compute/compute-client.js";
import { LiveResult } from "../compute/live-result.js";
import type { Outcome } from "../compute/outcome.js";
import { modelsUrl } from "../models/models-url.js";
import type { ReadingInput } from "../reading/reading-input.js";
import type { TokensReading } from "../reading/readings.js";
import { callsAbout } from "./calls-about.js";
import type { Workspace } from "./workspace.js";

/** Milliseconds to wait for the next letter. */
const typingPause = 150;

/** The functions of the worker that are called here. */
export interface TokenCalls {
  tokens(modelsUrl: string, input: ReadingInput): Promise<Outcome<TokensReading>>;
}

type TokensCompute = Pick<Compute<{ readonly reading: TokenCalls }>, "calls">;

/** The tokens of the workspace's texts, as soon as its model is open. */
export function useTokens(compute: TokensCompute, workspace: Workspace): LiveResult<ReadingInput, TokensReading> {
  const [tokens] = useState(
    () =>
      new LiveResult<ReadingInput, TokensReading>(
        async (input) => (await callsAbout(compute, workspace, input)).reading.tokens(modelsUrl, input),
        typingPause,
      ),
  );
  useSignalEffect(() => {
    const { value: input } = workspace.input;
    if (workspace.info.value?.id === input.model) tokens.request(input);
  });
  return tokens;
}
