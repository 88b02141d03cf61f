import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Context } from "./context.mjs";

/** Starts WebKitGTK, with those methods of Playwright's browsers that the main paths use. */
export async function launchWebkit() {
  const screen = await provideScreen();
  const contexts = [];
  const newContext = async (options) => contexts[contexts.push(new Context(screen.env, options)) - 1];
  const close = async () => {
    for (const context of contexts) await context.close();
    screen.remove();
  };
  return { newContext, close };
}

/** A screen in memory where the machine has none. @returns the variables that name it, and a function that removes it */
async function provideScreen() {
  if (process.env.WAYLAND_DISPLAY || process.env.DISPLAY) return { env: {}, remove: () => {} };
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "2560x1600x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const [number] = await once(createInterface({ input: server.stdio[3] }), "line");
  return { env: { DISPLAY: `:${number}` }, remove: () => server.kill() };
}
