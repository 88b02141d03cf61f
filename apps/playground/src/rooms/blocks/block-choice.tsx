import type { JSX } from "preact";
import { choicesOf, Segmented } from "../../ui/fields.js";
import { type BlockName, blockNames, blockTitles } from "./block-names.js";

/** Which block the room shows. */
export function BlockChoice({ block, choose }: { readonly block: BlockName; readonly choose: (block: BlockName) => void }): JSX.Element {
  return <Segmented name="block" label="Block" value={block} choices={choicesOf(blockNames, blockTitles)} onChange={choose} />;
}
