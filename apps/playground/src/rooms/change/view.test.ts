import { expect, test } from "vitest";
import { readSettings, writeSettings } from "../../routing/settings-link.js";
import { type ChangeView, changeLink } from "./view.js";

test("a link restores the texts that are patched, and what is measured", () => {
  const view: ChangeView = { other: "ein “Text” & <script>", by: "position", at: 3, right: "runs", wrong: " run", effects: "edited" };
  expect(readSettings(changeLink, new URLSearchParams(writeSettings(changeLink, view).toString()))).toEqual(view);
});

test("what is not valid in a link takes its default", () => {
  const parameters = new URLSearchParams({ by: "layer", at: "-7", effects: "1", other: "x" });
  expect(readSettings(changeLink, parameters)).toEqual({ ...changeLink.defaults, other: "x" });
});
