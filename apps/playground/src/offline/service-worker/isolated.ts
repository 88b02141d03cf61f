const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "cross-origin",
};

/** A response with the headers that isolate a page and its workers, so that they get threads on hosts that send none. */
export function isolated(response: Response): Response {
  if (response.type === "opaque" || response.type === "error") return response;
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(isolation)) headers.set(name, value);
  if (headers.has("Content-Encoding")) for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name); // the body is decoded
  return new Response(hasBody(status) ? response.body : null, { status, statusText, headers });
}

const hasBody = (status: number): boolean => ![204, 205, 304].includes(status);
