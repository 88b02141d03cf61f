import { startDriver } from "./driver.mjs";
import { keepMessages, withScripts } from "./init-scripts.mjs";
import { Page } from "./page.mjs";
import { Session } from "./session.mjs";

/** A window without the storage of others, and the scripts that run in its pages. */
export class Context {
  #env;
  #size;
  #scripts = [keepMessages];
  #driver;
  #session;
  #servers = [];

  /** @param env what the browser finds in its environment beside the usual */
  constructor(env, { viewport: { width, height } = { width: 1280, height: 720 } } = {}) {
    this.#env = env;
    this.#size = { width, height: height + toolbar };
  }

  addInitScript = async (script) => void this.#scripts.push(script);

  async newPage() {
    this.#driver = await startDriver(this.#env); // a new one, because a second session of the same may never open
    this.#session = await Session.open(this.#driver.url);
    await this.#session.post("window/rect", this.#size);
    return new Page(this.#session, (url) => this.#serve(url));
  }

  /** The address at which a page runs the scripts. */
  async #serve(url) {
    const { origin, href } = new URL(url);
    if (this.#servers.some((server) => server.origin === origin)) return href;
    const server = await withScripts(origin, this.#scripts);
    this.#servers.push(server);
    return href.replace(origin, server.origin);
  }

  async close() {
    await this.#session?.close().catch(() => {}); // the browser may have ended
    this.#driver?.end();
    [this.#session, this.#driver] = [];
    for (const server of this.#servers.splice(0)) await server.close();
  }
}

/** Pixels of the window above the page. */
const toolbar = 70;
