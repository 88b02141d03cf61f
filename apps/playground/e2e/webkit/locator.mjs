import { elementKey } from "./session.mjs";
import { until } from "./until.mjs";
import { pressing } from "./keys.mjs";

const fields = "input, select, textarea, [role=slider], [role=listbox]";

/** Where elements of a role are; which of them is meant is told by the name that the browser computes. */
const places = {
  button: "button, [role=button]",
  combobox: "select, [role=combobox]",
  group: "fieldset, [role=group]",
  link: "a[href]",
  radio: "input[type=radio]",
  slider: "input[type=range], [role=slider]",
  switch: "[role=switch]",
};

const squeeze = (text) => text.replace(/\s+/g, " ").trim();

/** Whether a text is the wanted one, as Playwright compares them: a part of it in any case, unless `exact`. */
function matches(text, wanted, exact) {
  if (wanted instanceof RegExp) return wanted.test(squeeze(text));
  return exact ? squeeze(text) === wanted : squeeze(text).toLowerCase().includes(wanted.toLowerCase());
}

const select = (parents, css) => [...new Set((parents ?? [document]).flatMap((parent) => [...parent.querySelectorAll(css)]))];

/** What can be waited for, as functions of the elements in the page. */
const states = {
  visible: ([first]) => first !== undefined && first.checkVisibility({ visibilityProperty: true }) && first.getClientRects().length > 0,
  attached: (elements) => elements.length > 0,
  detached: (elements) => elements.length === 0,
};

/** Elements of a page, found anew by each call: those methods of Playwright's locators that the main paths use. */
export class Locator {
  #session;
  #find;
  #words;

  constructor(session, words = "", find = async () => null) {
    this.#session = session;
    this.#words = words;
    this.#find = find;
  }

  #derive(words, find) {
    return new Locator(this.#session, `${this.#words} ${words}`.trim(), find);
  }

  async #filter(elements, textOf, wanted, exact) {
    const kept = [];
    for (const element of elements) if (matches(await textOf(element), wanted, exact)) kept.push(element);
    return kept;
  }

  locator(css, { hasText } = {}) {
    return this.#derive(hasText === undefined ? css : `${css} “${hasText}”`, async () => {
      const elements = await this.#session.run(select, await this.#find(), css);
      return hasText === undefined
        ? elements
        : this.#filter(elements, (each) => this.#session.run((node) => node.textContent, each), hasText);
    });
  }

  #named(css, words, wanted, exact) {
    return this.#derive(`${words} “${wanted}”`, async () => {
      const elements = await this.#session.run(select, await this.#find(), css);
      return this.#filter(elements, (each) => this.#session.get(`element/${each[elementKey]}/computedlabel`), wanted, exact);
    });
  }

  getByRole = (role, { name, exact }) => this.#named(places[role], role, name, exact);
  getByLabel = (label, { exact } = {}) => this.#named(fields, "field", label, exact);

  first = () => this.nth(0);
  last = () => this.nth(-1);
  nth = (index) => this.#derive(`number ${index} of`, async () => (await this.#find()).slice(index).slice(0, 1));

  count = () => this.evaluateAll((elements) => elements.length);
  isVisible = () => this.evaluateAll(states.visible);
  allTextContents = () => this.evaluateAll((elements) => elements.map((each) => each.textContent));
  evaluateAll = (body, ...args) =>
    until(`reading ${this.#words}`, async () => (await this.#session.run(body, await this.#find(), ...args)) ?? null);

  /** Does something with the one element as soon as it is there and lets it be done. */
  #act(what, act, timeout) {
    return until(
      `${what} ${this.#words}`,
      async () => {
        const [element, ...others] = await this.#find();
        if (others.length > 0) throw new Error(`${others.length + 1} elements are ${this.#words}`);
        return element && ((await act(element)) ?? null);
      },
      timeout,
    );
  }

  evaluate = (body, ...args) => this.#act("read", (element) => this.#session.run(body, element, ...args));
  textContent = () => this.evaluate((element) => element.textContent);
  inputValue = () => this.evaluate((element) => element.value);
  getAttribute = (name) => this.evaluate((element, key) => element.getAttribute(key), name);
  focus = () => this.evaluate((element) => element.focus());
  scrollIntoViewIfNeeded = () => this.evaluate((element) => element.scrollIntoView({ block: "nearest" }));
  boundingBox = () => this.evaluate((element) => element.getBoundingClientRect().toJSON());

  #command(what, command, body) {
    return this.#act(what, (element) => this.#session.post(`element/${element[elementKey]}/${command}`, body));
  }

  click = () => this.#command("click", "click");
  check = () => this.click();
  setInputFiles = (paths) => this.#command("give files to", "value", { text: [paths].flat().join("\n") });

  async fill(text) {
    await this.#command("clear", "clear");
    await this.#command("write into", "value", { text });
  }

  async press(chord) {
    await this.focus();
    await this.#session.post("actions", { actions: [pressing(chord)] });
  }

  async waitFor({ state = "visible", timeout } = {}) {
    await until(`${this.#words} being ${state}`, async () => (await this.evaluateAll(states[state])) || undefined, timeout);
  }
}
