import { createServer } from "node:http";
import { Readable } from "node:stream";

/** Serves what is at an origin, with scripts that run before those of each page: WebDriver has no other way to run them. */
export async function withScripts(origin, scripts) {
  const code = scripts.map((script) => `(${script})();`).join("\n");
  const server = createServer(async (request, response) => {
    const answer = await fetch(origin + request.url);
    const { "content-length": _length, ...headers } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, headers);
    const isPage = headers["content-type"]?.startsWith("text/html");
    if (isPage) response.end((await answer.text()).replace("<head>", `<head><script>${code}</script>`));
    else Readable.fromWeb(answer.body).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections()));
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}

/** Keeps what the page logs and throws in `logged`; what a worker logs stays unknown. */
export function keepMessages() {
  globalThis.logged = [];
  const keep = (event, type, text) => globalThis.logged.push({ event, type, text });
  for (const type of ["debug", "error", "info", "log", "warn"]) {
    const { [type]: own } = console;
    console[type] = (...parts) => {
      keep("console", type, parts.join(" "));
      own.apply(console, parts);
    };
  }
  // Without an error nothing was thrown: a ResizeObserver tells that it will try again.
  addEventListener("error", ({ message, error }) => error && keep("pageerror", "error", message));
  addEventListener("unhandledrejection", ({ reason }) => keep("pageerror", "error", String(reason)));
}
