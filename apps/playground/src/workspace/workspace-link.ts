import { modelIdPattern } from "../models/model-id.js";
import { type AttentionKind, attentionKinds, type HeadPlace } from "../models/model-info.js";
import type { Field } from "../routing/settings-link.js";
import { readEdits, writeEdits } from "./edits-link.js";
import type { WorkspaceState } from "./workspace.js";

const maxText = 100_000;

/** Where a reader starts. An empty text stands for the first example of the model. */
export const defaultWorkspace: WorkspaceState = {
  model: "induction",
  text: "",
  answer: "",
  edits: [],
  head: { kind: "self", layer: 0, head: 0 },
};

interface LinkField<Value> {
  readonly read: Field<Value>;
  readonly write: (value: Value) => string;
}

const textField: LinkField<string> = { read: (text) => text.slice(0, maxText), write: (text) => text };

const fields: { readonly [Name in keyof WorkspaceState]: LinkField<WorkspaceState[Name]> } = {
  model: { read: (text) => (modelIdPattern.test(text) ? text : undefined), write: (model) => model },
  text: textField,
  answer: textField,
  edits: { read: readEdits, write: writeEdits },
  head: { read: readHead, write: ({ kind, layer, head }) => `${kind}.${layer}.${head}` },
};

const names = Object.keys(fields) as (keyof WorkspaceState)[];

/** The workspace of a link. What is missing or not valid takes its default. */
export function readWorkspace(parameters: URLSearchParams): WorkspaceState {
  const state = { ...defaultWorkspace };
  for (const name of names) readField(state, name, parameters.get(name));
  return state;
}

/** What differs from the defaults, as parameters of a link. */
export function writeWorkspace(state: WorkspaceState): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const name of names) {
    const text = writeField(name, state);
    if (text !== writeField(name, defaultWorkspace)) parameters.set(name, text);
  }
  return parameters;
}

/** Whether a parameter is not of the workspace. */
export function isOwn(name: string): boolean {
  return !Object.hasOwn(fields, name);
}

/** The parameters that are not of the workspace. */
export function ownParameters(parameters: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...parameters].filter(([name]) => isOwn(name)));
}

function readField<Name extends keyof WorkspaceState>(
  state: { -readonly [Each in Name]: WorkspaceState[Each] },
  name: Name,
  text: string | null,
): void {
  const value = text === null ? undefined : fields[name].read(text);
  if (value !== undefined) state[name] = value;
}

function writeField<Name extends keyof WorkspaceState>(name: Name, state: WorkspaceState): string {
  return fields[name].write(state[name]);
}

function readHead(text: string): HeadPlace | undefined {
  const match = /^(\w+)\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const kind = attentionKinds.find((each): each is AttentionKind => each === match?.[1]);
  return match === null || kind === undefined ? undefined : { kind, layer: Number(match[2]), head: Number(match[3]) };
}
