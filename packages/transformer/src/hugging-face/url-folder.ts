import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { type FolderSource, type FoundFile, refuseRead } from "./folder-files.js";
import { isWeights, weightNames } from "./load-from.js";

/** The folder of an address, which is that of a folder or of weights in it. */
export function urlFolder(url: URL): FolderSource {
  const folder = new URL(url);
  if (!isWeights(url.pathname) && !url.pathname.endsWith("/")) folder.pathname += "/";
  const at = (name: string) => besides(folder, name).href;
  return { folder: besides(folder, "").href, at, read: (name, maxBytes, signal) => readUrl(name, at(name), maxBytes, signal) };
}

/** The address of a file in the same folder, with the same query. */
function besides(folder: URL, name: string): URL {
  const url = new URL(encodeURIComponent(name), new URL(".", folder));
  url.search = folder.search;
  return url;
}

/**
 * The address of the weights: the one that was given, or the first of the usual names that the folder has.
 *
 * @throws ValueError when it has none
 */
export async function findWeightsUrl(url: URL, { folder, at }: FolderSource, signal?: AbortSignal): Promise<string> {
  if (isWeights(url.pathname)) return url.href;
  const reasons: string[] = [];
  for (const name of weightNames) {
    const reason = await whyAbsent(at(name), signal);
    if (reason === undefined) return at(name);
    reasons.push(`${name}: ${reason}`);
  }
  return refuse(ValueError, "loadFolder", "url", expectedUrl, `${folder} (${reasons.join("; ")})`, adviceFor(folder));
}

const expectedUrl = `the address of a folder with ${weightNames.join(" or ")}, or of such a file`;

/** Why a server has no such file, found out without loading it. */
async function whyAbsent(url: string, signal?: AbortSignal): Promise<string | undefined> {
  const response = await request(url, signal, { Range: "bytes=0-0" });
  await response.body?.cancel();
  if (response.ok) return isPage(response) ? "a page of text/html" : undefined;
  return isAbsent(response)
    ? `status ${response.status}`
    : refuse(ValueError, "loadFolder", "url", "readable", `${url} (status ${response.status})`);
}

async function readUrl(name: string, url: string, maxBytes: number, signal?: AbortSignal): Promise<FoundFile> {
  const response = await request(url, signal);
  const reason = !response.ok ? `status ${response.status}` : isPage(response) ? "a page of text/html" : undefined;
  if (reason === undefined) return { bytes: await bodyOf(name, url, response, maxBytes, signal) };
  await response.body?.cancel();
  return response.ok || isAbsent(response) ? { absent: reason } : refuseRead(name, maxBytes, `${url} (${reason})`);
}

/** Not found, or gone. Other faults may pass. */
function isAbsent({ status }: Response): boolean {
  return status === 404 || status === 410;
}

/** Servers of web apps answer a page for files that they lack; none of a model's files is a page. */
function isPage({ headers }: Response): boolean {
  return /^text\/html\b/i.test(headers.get("content-type") ?? "");
}

async function request(url: string, signal?: AbortSignal, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(url, { headers, ...(signal && { signal }) }).catch((error: unknown) => {
    signal?.throwIfAborted();
    const advice = "a server of another origin must allow it by CORS (Access-Control-Allow-Origin)";
    return refuse(ValueError, "loadFolder", "url", "reachable", `${url}: ${String(error)}`, advice);
  });
  if (response.url !== "" && !isSecure(new URL(response.url))) {
    await response.body?.cancel();
    refuseInsecure(new URL(response.url));
  }
  return response;
}

/** Reads a body, but never more of it than `maxBytes`. */
async function bodyOf(name: string, url: string, response: Response, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  try {
    for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
      size += part.value.length;
      if (size > maxBytes) refuseRead(name, maxBytes, `${url} of more`);
      parts.push(part.value);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ValueError) throw error;
    refuseRead(name, maxBytes, `${url}: ${String(error)}`);
  } finally {
    await reader?.cancel().catch(() => {}); // a broken stream throws again
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

/** @throws ValueError when the address is neither https nor http on localhost */
export function checkFolderUrl(url: URL): void {
  if (!isSecure(url)) refuseInsecure(url);
}

function isSecure(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname));
}

function refuseInsecure(url: URL): never {
  return refuse(ValueError, "loadFolder", "url", "an https address, or http on localhost", url.href);
}

function adviceFor(folder: string): string | undefined {
  const { hostname, pathname, origin } = new URL(folder);
  if (hostname !== "huggingface.co" || pathname.includes("/resolve/")) return undefined;
  return `the files are at ${origin}${pathname}resolve/main`;
}
