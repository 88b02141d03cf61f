import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { until } from "./until.mjs";

/** Starts the program at WEBKIT_DRIVER_PATH, which starts the browser. @returns its URL, and a function that ends it */
export async function startDriver(env) {
  const port = await freePort();
  const driver = spawn(process.env.WEBKIT_DRIVER_PATH ?? "WebKitWebDriver", [`--port=${port}`], {
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/status`)
      .then(() => true)
      .catch(() => undefined);
  await until("an answer of WebKitWebDriver", isReady);
  return { url, end: () => driver.kill() };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
