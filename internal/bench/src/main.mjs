import "../../../scripts/lib/require-node.mjs";
import { main } from "../../../scripts/lib/run.mjs";
import { say } from "../../../scripts/lib/terminal.mjs";
import { build, installApart } from "../../../scripts/lib/workspace.mjs";
import { help, readArguments } from "./arguments.mjs";
import { setupNative } from "./setup-native.mjs";
import { setupPyTorch } from "./setup-pytorch.mjs";

await main(async () => {
  const { command, ...options } = readArguments(process.argv.slice(2));
  if (command === "help") return say(help) ?? 0;
  if (command === "setup-pytorch") return setupPyTorch();
  if (command === "setup-native") return setupNative();
  await build();
  await installApart("internal/bench");
  const { plotBench, runBench } = await import("./cli.mjs"); // needs what was just installed
  return command === "plot" ? plotBench(options) : runBench(options);
});
