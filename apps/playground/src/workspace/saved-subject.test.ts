import { expect, test } from "vitest";
import { savedSubject } from "./saved-subject.js";
import { Workspace } from "./workspace.js";

test("a file says which model read which text with which edits, also when the text is another one by now", () => {
  const edits = [{ kind: "ablate", part: "layers.0.attention", heads: [1], by: "zero" }] as const;
  const read = { model: "own-mini-1", text: "a b", answer: "", edits } as const;
  const workspace = new Workspace({ ...read, head: { kind: "self", layer: 0, head: 0 } });
  const subject = { version: 1, model: null, text: "a b", answer: "", edits };
  expect(savedSubject(workspace)).toEqual(subject);
  workspace.write("c");
  expect(savedSubject(workspace).text).toBe("c");
  expect(savedSubject(workspace, read)).toEqual(subject);
});
