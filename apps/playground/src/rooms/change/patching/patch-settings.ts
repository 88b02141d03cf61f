import { anyText, oneOf, type SettingsLink, whole } from "../../../routing/settings-link.js";

/** What is patched from another text into the reader's text, and what tells whether it helps. */
export interface PatchSettings {
  /** The other text, from which values are taken. */
  readonly other: string;
  readonly by: "head" | "position";
  /** The position whose prediction is watched; -1 for the last one. */
  readonly at: number;
  /** The token that the other text leads to, and the one that the reader's text leads to; empty for the likeliest. */
  readonly right: string;
  readonly wrong: string;
}

const maxPosition = 4096;

export const patchLink: SettingsLink<PatchSettings> = {
  defaults: { other: "", by: "head", at: -1, right: "", wrong: "" },
  fields: { other: anyText, by: oneOf(["head", "position"]), at: whole(-1, maxPosition), right: anyText, wrong: anyText },
};
