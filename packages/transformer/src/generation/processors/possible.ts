/** The tokens that are not ruled out, in the order of their ids, so that work after a topK is for few of them. */
export interface Possible {
  readonly ids: Int32Array;
  readonly logits: Float32Array;
}

/** @returns copies of the logits that are not -Infinity */
export function possibleOf(logits: Float32Array): Possible {
  let count = 0;
  for (let id = 0; id < logits.length; id++) if (logits[id] !== -Infinity) count++;
  const possible = { ids: new Int32Array(count), logits: new Float32Array(count) };
  let at = 0;
  for (let id = 0; at < count; id++) {
    if (logits[id] === -Infinity) continue;
    possible.ids[at] = id;
    possible.logits[at++] = logits[id]!;
  }
  return possible;
}
