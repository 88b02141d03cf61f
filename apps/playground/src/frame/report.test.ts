import { expect, test } from "vitest";
import { withoutTexts, writeReport } from "./report.js";

const hash = "#/explore?v=2&model=grammar&text=my+secret&head=self.1.0&edits=%5B%5D&threshold=0.5&open=true&prompt=word";

test("a link without texts keeps names of models, places, numbers and switches", () => {
  expect(withoutTexts(hash)).toBe("#/explore model=grammar text=… head=self.1.0 edits=… threshold=0.5 open=true prompt=…");
});

const failed = { phase: "failed", failure: { sentence: "It failed.", advice: "Try again.", detail: "no file." } } as const;

test("a report tells the error, the link, the backend and the browser, and no text", () => {
  const report = writeReport({ error: new Error('Word "secret" fits nothing'), compute: failed, hash, browser: "Mozilla" }, false);
  expect(report).toMatch(/^build: \S+\nlink: #\/explore /);
  expect(report).toContain("error: Word “…” fits nothing\n");
  expect(report).toContain("backend: failed: no file.\nbrowser: Mozilla");
  expect(report).not.toMatch(/secret/);
});

test("a report has the reader's text when the reader wants that", () => {
  const report = writeReport({ error: 'Word "secret" fits nothing', compute: failed, hash, browser: "Mozilla" }, true);
  expect(report).toContain(`link: ${hash}\nerror: Word "secret" fits nothing\n`);
});
