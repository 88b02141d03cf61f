import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { pageFolder, servedAsIs } from "./build.mjs";

const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Serves the page on this machine alone, isolated so that it may share memory; gives `{ url, close }`. */
export async function servePage() {
  const server = createServer((request, response) => {
    const path = fileOf(new URL(request.url, "http://localhost").pathname);
    response.writeHead(path === undefined ? 404 : 200, {
      ...isolation,
      "Content-Type": types[extname(path ?? "")] ?? "application/octet-stream",
    });
    if (path === undefined) response.end();
    else createReadStream(path).pipe(response);
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}

function fileOf(pathname) {
  const prefix = Object.keys(servedAsIs).find((each) => pathname.startsWith(each)) ?? "/";
  const inside = normalize(`/${decodeURIComponent(pathname.slice(prefix.length)) || "index.html"}`);
  const path = join(servedAsIs[prefix] ?? pageFolder, inside);
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? path : undefined;
}
