import { expect, test } from "vitest";
import { TooLate } from "../compute/too-late.js";
import { callsAbout } from "./calls-about.js";
import { Workspace } from "./workspace.js";
import { defaultWorkspace } from "./workspace-link.js";

test("a call about a model is not made once another one is chosen", async () => {
  const workspace = new Workspace({ ...defaultWorkspace, model: "grammar" });
  const compute = { calls: Promise.resolve({ name: "worker" }) };
  const input = workspace.input.value;
  expect(await callsAbout(compute, workspace, input)).toEqual({ name: "worker" });
  const late = callsAbout(compute, workspace, input);
  workspace.chooseModel("copy");
  await expect(late).rejects.toThrow(TooLate);
});
