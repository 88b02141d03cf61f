import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleForNode, removePrograms, runProgram } from "./testing/run-program.js";

beforeAll(bundleForNode);
afterAll(removePrograms);

const work = `
  const info = await setupWasm({ threads: 2 });
  const x = tf.randomNormal([512, 512]);
  const softmax = () => tf.softmax(x).dataSync()[0];
  softmax();
`;

test("a program with threads exits by itself within a second of its last line", async () => {
  const { code, stdout, stderr } = await runProgram(`${work}
    const last = performance.now();
    process.on("exit", () => console.log(info.threads.got, "threads, ended after", performance.now() - last));
  `);
  const milliseconds = Number(/2 threads, ended after (.*)/.exec(stdout)?.[1]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(milliseconds).toBeLessThan(1000);
});

test("process.exit ends it during work", async () => {
  const { code, stderr } = await runProgram(`${work}
    setTimeout(() => process.exit(7), 50);
    setInterval(softmax, 0);
  `);
  expect([code, stderr]).toEqual([7, ""]);
});

test("uncaught exceptions and unhandled rejections are reported as usual", async () => {
  for (const fault of [`throw new Error("broken here");`, `Promise.reject(new Error("broken here"));`]) {
    const { code, stderr } = await runProgram(`${work}${fault}`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/program-\d+\.mjs:\d+[^]*broken here[^]*\n {4}at /);
    expect(stderr).not.toMatch(/tfjs-backend-wasm/);
  }
});

test("listeners of the program for uncaught errors survive setup, another setup and the removal of the backend", async () => {
  const { code, stdout } = await runProgram(`
    const listeners = () => ["uncaughtException", "unhandledRejection"].map((event) => process.rawListeners(event));
    const heard = [];
    process.on("uncaughtException", (error) => heard.push("first " + error.message));
    process.once("uncaughtException", (error) => heard.push("once " + error.message));
    process.on("unhandledRejection", (error) => heard.push("rejected " + error.message));
    const before = listeners();
    await setupWasm({ threads: 2 });
    await setupWasm({ threads: 1 });
    tf.removeBackend("wasm");
    console.log(listeners().every((group, event) => group.every((each, index) => each === before[event][index])));
    for (const round of [1, 2]) setTimeout(() => { throw new Error("fault " + round); });
    setTimeout(() => Promise.reject(new Error("fault 3")));
    setTimeout(() => console.log(heard.join(", ")), 50);
  `);
  expect(code).toBe(0);
  expect(stdout).toBe("true\nfirst fault 1, once fault 1, first fault 2, rejected fault 3\n");
});

test("replacing a backend that tfjs started removes no listeners of others", async () => {
  const { code, stdout } = await runProgram(`
    import "@tensorflow/tfjs-backend-wasm";
    const mine = () => {};
    process.on("unhandledRejection", mine);
    await tf.setBackend("wasm");
    const { threads } = await setupWasm({ threads: 2 });
    console.log(threads.got, process.listeners("unhandledRejection").includes(mine));
  `);
  expect([code, stdout]).toEqual([0, "2 true\n"]);
});

test("removing the backend ends its threads", async () => {
  const { stdout } = await runProgram(`
    import { readdirSync } from "node:fs";
    const count = () => readdirSync("/proc/self/task").length;
    const settled = () => new Promise((resolve) => setTimeout(resolve, 300));
    await setupWasm({ threads: 1 });
    const before = count();
    await setupWasm({ threads: 4 });
    const within = count();
    tf.removeBackend("wasm");
    await settled();
    console.log(within - before >= 3, count() <= before);
  `);
  if (process.platform === "linux") expect(stdout).toBe("true true\n");
});
