import type { Reporter, TestCase, TestModule } from "vitest/node";

const suite = /^PyTorch fixtures on (.+?) > /;

/** Prints, after a run, how many PyTorch fixtures passed on each backend of each runtime. */
export default class ConformanceReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<string, { passed: number; total: number }>();
    for (const test of modules.flatMap((module) => [...module.children.allTests()])) count(test, counts);
    if (counts.size === 0) return;
    const lines = [...counts]
      .toSorted(([left], [right]) => left.localeCompare(right))
      .map(([where, { passed, total }]) => `  ${where.padEnd(44)} ${passed}/${total}`);
    process.stdout.write(`PyTorch fixtures passed (atol = rtol = 1e-5, float32)\n${lines.join("\n")}\n\n`);
  }
}

function count(test: TestCase, counts: Map<string, { passed: number; total: number }>): void {
  const backend = suite.exec(test.fullName)?.[1];
  const state = test.result().state;
  if (backend === undefined || state === "skipped" || state === "pending") return;
  const where = `${backend} in ${test.project.name.replace(/ \(chromium\)$/, "")}`;
  const so = counts.get(where) ?? { passed: 0, total: 0 };
  counts.set(where, { passed: so.passed + (state === "passed" ? 1 : 0), total: so.total + 1 });
}
