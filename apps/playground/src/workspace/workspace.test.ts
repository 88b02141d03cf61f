import { expect, test } from "vitest";
import type { ModelInfo } from "../models/model-info.js";
import { Workspace } from "./workspace.js";
import { defaultWorkspace } from "./workspace-link.js";

const firstHead = { kind: "self", layer: 2, head: 3 } as const;
const other = { kind: "self", layer: 0, head: 1 } as const;
const infoOf = (id: string) => ({ id, examples: [{ text: `text of ${id}`, note: "" }], firstHead }) as unknown as ModelInfo;

function open(workspace: Workspace, id: string): void {
  workspace.chooseModel(id);
  workspace.opened(infoOf(id));
}

test("a new model shows its first example and head, not what the reader wrote for another one", () => {
  const workspace = new Workspace({ ...defaultWorkspace, model: "grammar" });
  workspace.opened(infoOf("grammar"));
  expect(workspace.state.value).toMatchObject({ text: "text of grammar", head: firstHead });
  workspace.write("mine");
  open(workspace, "copy");
  expect(workspace.state.value).toMatchObject({ model: "copy", text: "text of copy", head: firstHead });
});

test("a text stays for the same model before training and after", () => {
  const workspace = new Workspace({ ...defaultWorkspace, model: "grammar", text: "mine" });
  open(workspace, "untrained-grammar");
  workspace.lookAt(other);
  open(workspace, "grammar");
  expect(workspace.state.value).toMatchObject({ text: "mine", head: other });
});

test("a text that is written while the model loads, or that a link has, stays", () => {
  const workspace = new Workspace({ ...defaultWorkspace, model: "grammar", text: "mine" });
  workspace.chooseModel("copy");
  workspace.write("ab=");
  workspace.opened(infoOf("copy"));
  expect(workspace.state.value.text).toBe("ab=");
  workspace.restore({ ...defaultWorkspace, model: "reverse", text: "ba=" });
  workspace.opened(infoOf("reverse"));
  expect(workspace.state.value.text).toBe("ba=");
});

test("a text that the reader has emptied stays empty; a link to a model without a text shows its example", () => {
  const workspace = new Workspace({ ...defaultWorkspace, model: "grammar", text: "mine" });
  workspace.write("");
  workspace.restore({ ...workspace.state.value, head: other });
  workspace.opened(infoOf("grammar"));
  expect(workspace.state.value.text).toBe("");
  workspace.restore({ ...defaultWorkspace, model: "copy" });
  workspace.opened(infoOf("copy"));
  expect(workspace.state.value.text).toBe("text of copy");
});

test("after a model that could not be opened, the first one has its text again", () => {
  const workspace = new Workspace({ ...defaultWorkspace, model: "grammar", text: "mine" });
  workspace.chooseModel("own-broken");
  open(workspace, "grammar");
  expect(workspace.state.value.text).toBe("mine");
});

test("a model that is no longer chosen changes nothing", () => {
  const workspace = new Workspace({ ...defaultWorkspace, model: "grammar" });
  workspace.opened(infoOf("copy"));
  expect([workspace.info.value, workspace.state.value.text]).toEqual([undefined, ""]);
});

test("an example is shown with its own head, or with the one that is shown", () => {
  const workspace = new Workspace(defaultWorkspace);
  workspace.show({ text: "a", note: "", head: other });
  expect(workspace.state.value.head).toEqual(other);
  workspace.show({ text: "b", answer: "c", note: "" });
  expect(workspace.state.value).toMatchObject({ text: "b", answer: "c", head: other });
});
