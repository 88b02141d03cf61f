import { refuseFile } from "../safetensors-error.js";
import { bodySource } from "./body-source.js";
import { type ByteSource, checkTotal } from "./byte-source.js";
import { checkSecure, contentRange, orCancel, request } from "./request.js";

const blockBytes = 2 ** 20;

/**
 * A file on a server, read by ranges of a mebibyte or more. If the server ignores ranges, the whole file is read as a stream.
 *
 * @throws SafetensorsError of kind `source` when the address is neither https nor on localhost, or the server fails
 */
export async function urlSource(url: URL, maxBytes: number, signal?: AbortSignal): Promise<ByteSource> {
  checkSecure(url);
  const response = await request(url, `bytes=0-${blockBytes - 1}`, signal);
  if (response.status !== 206) return bodySource(url, response, maxBytes, signal);
  return orCancel(response, async () => {
    const { begin, total } = contentRange(response);
    if (begin !== 0) refuseFile("source", "server", "one that sends the requested range", `one from byte ${begin}`);
    checkTotal(total, maxBytes);
    return rangeSource(url, total, response.headers.get("etag"), await wholeBody(response, Math.min(blockBytes, total)));
  });
}

/** Reads ahead, so that many small tensors need few requests. */
function rangeSource(url: URL, size: number, etag: string | null, first: Uint8Array): ByteSource {
  let block = { begin: 0, bytes: first };
  const read = async (begin: number, end: number, signal?: AbortSignal, into?: Uint8Array) => {
    const known = block;
    if (begin >= known.begin && end <= known.begin + known.bytes.length) {
      return known.bytes.subarray(begin - known.begin, end - known.begin);
    }
    if (into !== undefined && end - begin >= blockBytes) return fetchRange(url, begin, end, { size, etag }, signal, into);
    const last = Math.min(size, Math.max(end, begin + blockBytes));
    const bytes = await fetchRange(url, begin, last, { size, etag }, signal);
    block = { begin, bytes };
    return bytes.subarray(0, end - begin);
  };
  return { size, read, close: async () => void (block = { begin: 0, bytes: new Uint8Array() }) };
}

async function fetchRange(
  url: URL,
  begin: number,
  end: number,
  file: { readonly size: number; readonly etag: string | null },
  signal?: AbortSignal,
  into?: Uint8Array,
): Promise<Uint8Array> {
  const response = await request(url, `bytes=${begin}-${end - 1}`, signal);
  return orCancel(response, () => {
    const same = response.status === 206 && response.headers.get("etag") === file.etag;
    const range = same ? contentRange(response) : undefined;
    if (range?.begin === begin && range.total === file.size) return wholeBody(response, end - begin, into);
    return refuseFile(
      "source",
      "server",
      "one that sends the ranges of one file",
      `status ${response.status} or another file`,
      "open it again",
    );
  });
}

/** Reads a body of a known length; never takes more than that into memory, whatever the server sends. */
async function wholeBody(response: Response, length: number, into?: Uint8Array): Promise<Uint8Array> {
  const bytes = into ?? new Uint8Array(length);
  let at = 0;
  for await (const part of partsOf(response)) {
    if (part.length > length - at) refuseFile("source", "server", `one that sends the requested ${length} bytes`, "more");
    bytes.set(part, at);
    at += part.length;
  }
  return at === length ? bytes : refuseFile("truncated", "answer of the server", `of ${length} bytes`, at);
}

async function* partsOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body!.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}
