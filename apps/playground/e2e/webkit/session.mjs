import { EventEmitter } from "node:events";

/** The key of references to elements in the standard. */
export const elementKey = "element-6066-11e4-a52e-4f735466cecf";

/** A failed command of WebDriver; `code` is its name in the standard, for example "stale element reference". */
export class CommandError extends Error {
  constructor(code, message) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

async function request(url, method, body) {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(90_000),
    ...(method === "POST" && { body: JSON.stringify(body) }),
  });
  const { value } = await response.json();
  if (!response.ok) throw new CommandError(value.error, value.message);
  return value;
}

/** A window of a browser and the commands of https://www.w3.org/TR/webdriver2 for it. */
export class Session {
  #url;
  #address = "about:blank";

  /** Emits "console" and "pageerror" as Playwright's pages do, when a function runs in the page after it has logged something. */
  messages = new EventEmitter();

  constructor(url) {
    this.#url = url;
  }

  /** Opens a window of the browser behind a driver. */
  static async open(driver) {
    const { sessionId } = await request(`${driver}/session`, "POST", { capabilities: {} });
    const session = new Session(`${driver}/session/${sessionId}`);
    await session.post("timeouts", { script: 60_000, pageLoad: 60_000 });
    return session;
  }

  /** The address of the page when a function last ran in it. */
  get address() {
    return this.#address;
  }

  get = (command) => request(`${this.#url}/${command}`, "GET");
  post = (command, body = {}) => request(`${this.#url}/${command}`, "POST", body);
  close = () => request(this.#url, "DELETE");

  /** Calls a function, or evaluates an expression, in the page. Arguments may be references to elements, or lists of them. */
  async run(code, ...args) {
    const given = typeof code === "function" ? args.map((each) => each ?? null) : [code];
    const body = typeof code === "function" ? `(${code})(...args)` : "(0, eval)(args[0])";
    // WebKit finds the elements of references, but not of those in lists.
    const lengths = given.map((each) => (Array.isArray(each) ? each.length : null));
    const script = `const given = [...arguments];
      const done = given.pop();
      const finish = (result) => done({ ...result, address: location.href, logged: globalThis.logged?.splice(0) ?? [] });
      if (given.some((each) => each?.["${elementKey}"])) return finish({ isStale: true });
      const args = ${JSON.stringify(lengths)}.map((length) => (length === null ? given.shift() : given.splice(0, length)));
      Promise.resolve().then(() => ${body}).then((value) => finish({ value }), (error) => finish({ error: String(error) }));`;
    const { value, error, isStale, address, logged } = await this.post("execute/async", { script, args: given.flat() });
    this.#address = address;
    for (const { event, type, text } of logged) this.messages.emit(event, { type: () => type, text: () => text, message: text });
    if (isStale) throw new CommandError("stale element reference", "an element was removed"); // WebKit leaves its reference as it is
    if (error !== undefined) throw new Error(error);
    return value;
  }
}
