import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".wasm": "application/wasm" };
// Not at the root: a page that only works there would break on most static hosts.
const base = "/some/path/";

export const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** Serves a folder below a path, with these headers on every answer. */
export async function serveFolder(folder, headers) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const name = normalize(pathname.slice(base.length) || "index.html");
    try {
      if (!pathname.startsWith(base) || name.startsWith("..")) throw new Error("outside");
      const body = await readFile(join(folder, name));
      response.writeHead(200, { "Content-Type": types[extname(name)] ?? "application/octet-stream", ...headers }).end(body);
    } catch {
      response.writeHead(404).end("not found");
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}${base}`, close: () => server.close() };
}

/** Runs a server of the project, which prints its address. */
export function serveByCommand(cwd, args) {
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, NO_COLOR: "1" } });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const close = () => (child.kill(), ended);
  return new Promise((resolve, reject) => {
    child.once("close", (code) => reject(new Error(`the server ended with ${code}`)));
    let output = "";
    child.stdout.on("data", (text) => {
      output += text;
      const url = /http:\/\/\S+/.exec(output)?.[0];
      if (url) resolve({ url, close });
    });
  });
}
