// Not "font", which is empty where one of its parts cannot be written in it, for example tabular numbers.
const fontProperties = ["font-style", "font-weight", "font-size", "font-family"];
const drawnProperties = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "opacity", ...fontProperties];

function styleOf(element: Element, properties: readonly string[]): string {
  const style = getComputedStyle(element);
  return properties.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";");
}

/** The font of an element as a style. */
export function fontOf(element: Element): string {
  return styleOf(element, fontProperties);
}

/** A copy of an element that looks the same without the styles of the page. */
export function copyDrawn<Kind extends SVGElement>(element: Kind): Kind {
  const copy = element.cloneNode(true) as Kind;
  const [originals, copies] = [
    [element, ...element.querySelectorAll("*")],
    [copy, ...copy.querySelectorAll("*")],
  ];
  for (const [at, original] of originals.entries()) copies[at]!.setAttribute("style", styleOf(original, drawnProperties));
  return copy;
}

export function svgElement(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
}

/** A rectangle in the colour of the panel around an element. */
export function background(width: number, height: number, element: Element): SVGElement {
  const fill = getComputedStyle(element.closest(".panel") ?? document.body).backgroundColor;
  return svgElement("rect", { width: String(width), height: String(height), fill });
}

const margin = 12;

/**
 * All pictures and titles within an element as one SVG picture, where they stand on the page.
 *
 * @param titles selects the elements whose text is drawn, each on one line
 */
export function figuresSvg(root: Element, titles?: string): string {
  const frame = root.getBoundingClientRect();
  const [width, height] = [frame.width + 2 * margin, frame.height + 2 * margin];
  const size = { width: String(width), height: String(height), viewBox: `0 0 ${width} ${height}` };
  const figure = svgElement("svg", { xmlns: "http://www.w3.org/2000/svg", ...size });
  figure.append(background(width, height, root));
  for (const picture of root.querySelectorAll<SVGSVGElement | HTMLCanvasElement>("svg, canvas")) figure.append(pictureOf(picture, frame));
  if (titles !== undefined) for (const title of root.querySelectorAll(titles)) figure.append(textOf(title, frame));
  return new XMLSerializer().serializeToString(figure);
}

function pictureOf(element: SVGSVGElement | HTMLCanvasElement, frame: DOMRect): SVGElement {
  const { left, top, width, height } = element.getBoundingClientRect();
  const copy = element instanceof HTMLCanvasElement ? imageOf(element) : copyDrawn(element);
  const place = { x: left - frame.left + margin, y: top - frame.top + margin, width, height };
  for (const [attribute, value] of Object.entries(place)) copy.setAttribute(attribute, String(value));
  return copy;
}

function imageOf(canvas: HTMLCanvasElement): SVGElement {
  return svgElement("image", { href: canvas.toDataURL(), preserveAspectRatio: "none", style: "image-rendering: pixelated" });
}

function textOf(element: Element, frame: DOMRect): SVGElement {
  const { left, top, height } = element.getBoundingClientRect();
  const { color } = getComputedStyle(element);
  const place = { x: String(left - frame.left + margin), y: String(top - frame.top + margin + height / 2) };
  const text = svgElement("text", { ...place, fill: color, "dominant-baseline": "middle", style: fontOf(element) });
  text.textContent = element.textContent;
  return text;
}
