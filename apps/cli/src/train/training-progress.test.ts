import { expect, it } from "vitest";
import { duration, grouped } from "../format.js";
import { LossLog } from "./loss-log.js";
import { ProgressLine } from "./training-progress.js";

const progress = (step: number) => ({ step, loss: 1 / step, learningRate: 1e-3, gradNorm: 1, tokensPerSecond: 12345 });

function lines(isTTY: boolean, steps: number): string {
  let written = "";
  const line = new ProgressLine({ isTTY, write: (text) => void (written += text) }, steps);
  for (let step = 1; step <= steps; step++) line.show(progress(step));
  line.clear();
  return written;
}

it("on a terminal, progress is one line that is rewritten, and erased at the end", () => {
  const written = lines(true, 40);
  expect(written).not.toContain("\n");
  expect(written.startsWith("\r\u001b[2Kstep 1/40   loss 1.0000   12\u2009345 tokens/s\r")).toBe(true);
  expect(written.endsWith("\r\u001b[2K")).toBe(true);
});

it("elsewhere, progress is twenty lines without control characters", () => {
  const written = lines(false, 40);
  expect(written.match(/\n/g)).toHaveLength(20);
  expect(written).not.toContain("\u001b");
  expect(written).toMatch(/step 40\/40 {3}loss 0\.0250 {3}12\u2009345 tokens\/s {3}0 s left\n$/);
});

it("losses are reduced to about a hundred means, which do not depend on interruptions", () => {
  const [whole, first] = [new LossLog(250), new LossLog(250)];
  for (let step = 1; step <= 250; step++) whole.add(step, 1 / step);
  for (let step = 1; step <= 100; step++) first.add(step, 1 / step);
  const second = new LossLog(250, JSON.parse(JSON.stringify(first)) as ReturnType<LossLog["toJSON"]>);
  for (let step = 101; step <= 250; step++) second.add(step, 1 / step);
  expect(second.points).toEqual(whole.points);
  expect(whole.points).toHaveLength(83);
  expect(whole.points[0]).toEqual([3, 0.61111]);
});

it("numbers and durations are formatted", () => {
  expect([grouped(1234567), grouped(12), grouped(1234.56, 1)]).toEqual(["1\u2009234\u2009567", "12", "1\u2009234.6"]);
  expect([0, 59.6, 185, 4800].map(duration)).toEqual(["0 s", "1 min 0 s", "3 min 5 s", "1 h 20 min"]);
});
