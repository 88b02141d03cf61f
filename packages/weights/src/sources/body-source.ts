import { refuseFile } from "../safetensors-error.js";
import { abortable } from "../abortable.js";
import { type ByteSource, checkTotal, memorySource } from "./byte-source.js";
import { request } from "./request.js";

/**
 * A file that a server sends whole. It is read as a stream; reading backwards requests it again from the start. Without a
 * length the whole file is first read into memory.
 */
export async function bodySource(url: URL, response: Response, maxBytes: number, signal?: AbortSignal): Promise<ByteSource> {
  const length = response.headers.get("content-encoding") === null ? response.headers.get("content-length") : null;
  const body = new Body(response);
  try {
    if (length === null) return memorySource(await body.takeAll(maxBytes, signal));
    checkTotal(Number(length), maxBytes);
    return new BodySource(url, Number(length), body);
  } catch (error) {
    await body.cancel();
    throw error;
  }
}

class BodySource implements ByteSource {
  readonly size: number;
  readonly #url: URL;
  #body: Body | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(url: URL, size: number, body: Body) {
    this.#url = url;
    this.size = size;
    this.#body = body;
  }

  /** Reads run one after the other, because there is one stream. */
  read(begin: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    const work = this.#last.then(() => this.#take(begin, end, signal));
    this.#last = work.catch(() => {});
    return work;
  }

  async close(): Promise<void> {
    await this.#body?.cancel();
    this.#body = undefined;
  }

  async #take(begin: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    if (this.#body === undefined || this.#body.at > begin) {
      await this.close();
      this.#body = new Body(await request(this.#url, undefined, signal));
    }
    try {
      await this.#body.take(begin - this.#body.at, undefined, signal);
      const bytes = new Uint8Array(end - begin);
      await this.#body.take(bytes.length, bytes, signal);
      return bytes;
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}

/** The stream of a response and the position up to which it was read. */
class Body {
  at = 0;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(response: Response) {
    this.#reader = response.body!.getReader();
  }

  /** Reads `count` bytes into an array, or skips them. */
  async take(count: number, into: Uint8Array | undefined, signal?: AbortSignal): Promise<void> {
    for (let taken = 0; taken < count;) {
      if (this.#rest.length === 0) {
        this.#rest = (await this.#next(signal)) ?? refuseFile("truncated", "answer of the server", "complete", this.at);
      }
      const part = this.#rest.subarray(0, count - taken);
      into?.set(part, taken);
      this.#rest = this.#rest.subarray(part.length);
      taken += part.length;
      this.at += part.length;
    }
  }

  async takeAll(maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (let part = await this.#next(signal); part !== undefined; part = await this.#next(signal)) {
      size += part.length;
      checkTotal(size, maxBytes);
      parts.push(part);
    }
    return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => {}); // a broken stream throws again
  }

  async #next(signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const next = this.#reader.read().catch((error: unknown) => refuseFile("source", "answer of the server", "complete", String(error)));
    return (await abortable(next, signal)).value;
  }
}
