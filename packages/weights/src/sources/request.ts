import { refuseFile } from "../safetensors-error.js";

/** @throws SafetensorsError when the connection would not be encrypted */
export function checkSecure(url: URL): void {
  const local = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === "https:" || (url.protocol === "http:" && local)) return;
  refuseFile(
    "source",
    "source",
    "an https address, or http on localhost",
    url.href,
    "fetch it yourself and pass the bytes if that is safe",
  );
}

/** Requests a range. @throws SafetensorsError of kind `source`, or the signal's reason */
export async function request(url: URL, range: string | undefined, signal?: AbortSignal): Promise<Response> {
  const headers = range === undefined ? {} : { Range: range };
  const response = await fetch(url, { headers, ...(signal && { signal }) }).catch((error: unknown) => {
    signal?.throwIfAborted();
    return refuseFile("source", "source", "reachable", `${url.href}: ${String(error)}`);
  });
  return orCancel(response, () => {
    if (response.url !== "") checkSecure(new URL(response.url));
    if (response.status === 200 || response.status === 206) return response;
    return refuseFile("source", "source", "found", `${url.href}: status ${response.status}`);
  });
}

/** Runs a body on a response; cancels the response when the body fails. */
export async function orCancel<Result>(response: Response, body: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await body();
  } catch (error) {
    if (response.body?.locked === false) await response.body.cancel();
    throw error;
  }
}

/** Parses `bytes 0-1048575/123456789`; the total must be known. */
export function contentRange(response: Response): { begin: number; total: number } {
  const [, begin, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "") ?? [];
  if (total !== undefined && Number.isSafeInteger(Number(total))) return { begin: Number(begin), total: Number(total) };
  return refuseFile(
    "source",
    "server",
    "one that names the range that it sends (Content-Range)",
    response.headers.get("content-range") ?? "nothing",
    "a server of another origin must list Content-Range in Access-Control-Expose-Headers",
  );
}
