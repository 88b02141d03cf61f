/** What an element gets: attributes by name, `text` as its only content, and children. Text is never parsed as markup. */
export interface ElementSetup {
  readonly text?: string;
  readonly children?: readonly (Node | string)[];
  readonly [attribute: string]: unknown;
}

type AttributeValue = string | number | boolean | undefined;

/** Makes an element. An attribute with the value true is empty; one with false or undefined is left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, setup: ElementSetup = {}): HTMLElementTagNameMap[Tag] {
  const { text, children = [], ...attributes } = setup;
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes as Record<string, AttributeValue>)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : `${value}`);
  }
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

/** A token as text of its own direction, with the full token as its tooltip. */
export function tokenElement(label: string, token: string): HTMLElement {
  return element("bdi", { class: "token", text: label, ...(label !== token && { title: token }) });
}

/** A drop-down list. */
export function select(
  label: string,
  choices: readonly (readonly [value: string, text: string])[],
  onChange: (value: string) => void,
): HTMLElement {
  const list = element("select", { children: choices.map(([value, text]) => element("option", { value, text })) });
  list.addEventListener("change", () => onChange(list.value));
  return element("label", { children: [label, list] });
}
