import { expect, test } from "vitest";
import { closedTitle } from "./model-id.js";

test("a model of the reader that is not open is called by its family, not by the id of a link", () => {
  expect(closedTitle("own-gpt2-64f9173c")).toBe("gpt2 model of yours, not open");
  expect(closedTitle("own-xlm-roberta-00000001")).toBe("xlm-roberta model of yours, not open");
  expect(closedTitle("grammar")).toBe("grammar");
});
