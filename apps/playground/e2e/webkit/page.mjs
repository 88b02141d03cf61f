import { click, pointing, pressing } from "./keys.mjs";
import { Locator } from "./locator.mjs";
import { until } from "./until.mjs";

/** A page behind WebDriver, with those methods of Playwright's pages that the main paths use. */
export class Page {
  #session;
  #root;
  #serve;

  /** @param serve returns the address at which the page of a URL is opened */
  constructor(session, serve) {
    this.#session = session;
    this.#root = new Locator(session);
    this.#serve = serve;
  }

  on = (event, listener) => this.#session.messages.on(event, listener);
  url = () => this.#session.address;
  goto = async (url) => this.#session.post("url", { url: await this.#serve(url) });
  reload = () => this.#session.post("refresh");
  goBack = () => this.#session.post("back");
  goForward = () => this.#session.post("forward");

  evaluate = (body, ...args) => this.#session.run(body, ...args);
  waitForTimeout = (time) => new Promise((resolve) => setTimeout(resolve, time));
  waitForFunction = (body, argument, { timeout } = {}) =>
    until(String(body), async () => (await this.#session.run(body, argument)) || undefined, timeout);

  locator = (css, options) => this.#root.locator(css, options);
  getByRole = (role, options) => this.#root.getByRole(role, options);
  getByLabel = (label, options) => this.#root.getByLabel(label, options);

  $eval = (css, body, ...args) => this.locator(css).evaluate(body, ...args);
  $$eval = (css, body, ...args) => this.locator(css).evaluateAll(body, ...args);
  textContent = (css) => this.locator(css).first().textContent();
  getAttribute = (css, name) => this.locator(css).first().getAttribute(name);
  inputValue = (css) => this.locator(css).first().inputValue();
  click = (css) => this.locator(css).first().click();
  fill = (css, text) => this.locator(css).first().fill(text);
  focus = (css) => this.locator(css).first().focus();
  waitForSelector = (css, options) => this.locator(css).waitFor(options);

  #perform = (action) => this.#session.post("actions", { actions: [action] });
  keyboard = { press: (chord) => this.#perform(pressing(chord)) };
  mouse = {
    move: (x, y) => this.#perform(pointing(x, y)),
    click: (x, y) => this.#perform(pointing(x, y, ...click)),
  };
}
