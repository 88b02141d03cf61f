import { expect, test } from "vitest";
import { writingFiles, writtenText } from "./writing-files.js";

const input = { model: "m", text: "a b", answer: "", edits: [] };
const continuation = { tokens: [{ id: 3, text: "c", probability: 0.5 }], added: " c", isEnded: false, isFull: true };

test("a continued text is saved whole, an answer alone", async () => {
  expect(writtenText(input, continuation, false)).toBe("a b c");
  expect(writtenText(input, continuation, true)).toBe(" c");
  const [txt, json] = writingFiles("after", input, continuation, "a b c");
  expect([txt!.fileName, await (await txt!.make()).text()]).toEqual(["written-after.txt", "a b c"]);
  expect(JSON.parse(await (await json!.make()).text())).toEqual({
    version: 1,
    model: "m",
    text: "a b",
    edits: [],
    written: "a b c",
    ...continuation,
  });
});
