/**
 * The name of a model in links and calls: of a trained model of the page its folder, `grammar`; the same with its first, random weights,
 * `untrained-grammar`; a model of the reader, `own-` and a key; the model of a step of a training in the
 * page, `run-`, the key of the training and the step.
 */
export type ModelId = string;

/** Any model id that a link may hold; paths are not. */
export const modelIdPattern: RegExp = /^(?!\.+$)[\w.-]{1,80}$/;

/** Whether two models differ by their training alone, so that a text for one is a text for the other. */
export function areKin(one: ModelId, other: ModelId): boolean {
  return kinOf(one) === kinOf(other);
}

/** What a model is called that is not open. */
export function closedTitle(id: ModelId): string {
  const type = /^own-(.+)-[0-9a-f]{8}$/.exec(id)?.[1];
  return type === undefined ? id : `${type} model of yours, not open`;
}

/** The id of a model without what says how far it was trained. */
function kinOf(id: ModelId): string {
  return id.replace(/^untrained-/, "").replace(/^(run-\w+)-\d+$/, "$1");
}
