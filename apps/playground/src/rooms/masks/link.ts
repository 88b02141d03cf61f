import type { MaskSpec } from "../../reading/mask-spec.js";
import { type Field, flag, whole } from "../../routing/settings-link.js";
import type { Cell } from "../../ui/cell.js";

/** The most keys of a prefix, a window or a padding, and the last position of a document. */
export const mostKeys = 9999;
/** Edges of blocks to choose from, in tokens. */
export const blockEdges: readonly number[] = [2, 4, 8, 16, 32, 64];

/** What a link holds of the room. */
export interface MasksLink {
  readonly mask: MaskSpec;
  /** The edge of the blocks. */
  readonly block: number;
  readonly pinned: Cell | undefined;
}

/** The mask of a decoder. */
export const firstLink: MasksLink = {
  mask: { causal: true, prefix: 0, window: null, padding: 0, documents: [] },
  block: 4,
  pinned: undefined,
};

const key = whole(0, mostKeys);

const pair: Field<readonly [number, number]> = (text) => {
  const numbers = text.split("-").map(key);
  const [first, second] = numbers;
  return numbers.length === 2 && first !== undefined && second !== undefined ? [first, second] : undefined;
};

const list: Field<number[]> = (text) => {
  const numbers = text === "" ? [] : text.split(".").map(key);
  return numbers.every((number) => number !== undefined) ? numbers : undefined;
};

/** The state in the parameters of a link; what is missing or wrong takes its default. */
export function readLink(parameters: URLSearchParams): MasksLink {
  const read = <Value>(name: string, field: Field<Value>): Value | undefined => {
    const text = parameters.get(name);
    return text === null ? undefined : field(text);
  };
  const window = read("window", pair);
  const pinned = read("cell", pair);
  const block = read("block", whole(1, 64));
  return {
    mask: {
      causal: read("causal", flag) ?? firstLink.mask.causal,
      prefix: read("prefix", key) ?? 0,
      window: window === undefined ? null : { before: window[0], after: window[1] },
      padding: read("padding", key) ?? 0,
      documents: read("documents", list) ?? [],
    },
    block: block !== undefined && blockEdges.includes(block) ? block : firstLink.block,
    pinned: pinned === undefined ? undefined : { query: pinned[0], key: pinned[1] },
  };
}

/** The parameters of a link to a state; defaults are left out. */
export function writeLink({ mask, block, pinned }: MasksLink): URLSearchParams {
  const parameters = new URLSearchParams();
  if (mask.causal !== firstLink.mask.causal) parameters.set("causal", String(mask.causal));
  if (mask.prefix > 0) parameters.set("prefix", String(mask.prefix));
  if (mask.window !== null) parameters.set("window", `${mask.window.before}-${mask.window.after}`);
  if (mask.padding > 0) parameters.set("padding", String(mask.padding));
  if (mask.documents.length > 0) parameters.set("documents", mask.documents.join("."));
  if (block !== firstLink.block) parameters.set("block", String(block));
  if (pinned !== undefined) parameters.set("cell", `${pinned.query}-${pinned.key}`);
  return parameters;
}
