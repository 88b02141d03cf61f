import "./lib/require-node.mjs";
import { help, readArguments } from "../internal/bench/src/arguments.mjs";
import { setupPyTorch } from "../internal/bench/src/setup-pytorch.mjs";
import { main } from "./lib/run.mjs";
import { say } from "./lib/terminal.mjs";
import { build, installApart } from "./lib/workspace.mjs";

await main(async () => {
  const { command, ...options } = readArguments(process.argv.slice(2));
  if (command === "help") return say(help) ?? 0;
  if (command === "setup-pytorch") return setupPyTorch();
  await build();
  await installApart("internal/bench");
  const { runBench, plotBench } = await import("../internal/bench/src/cli.mjs");
  return command === "plot" ? plotBench(options) : runBench(options);
});
