import { expect, it, test } from "vitest";
import { causalMap, causalMapOf, hostileTokens } from "../../testing/pictures.js";
import { sequentialRamp } from "../color/ramps.js";
import { barsSvg } from "./bars-svg.js";
import { gridSvg } from "./grid-svg.js";
import { toSvg } from "./to-svg.js";

const size = hostileTokens.length;
const title = hostileTokens[0]!;
const bars = hostileTokens.map((name, index) => ({ name, value: index - 3 }));
const pictures = {
  map: toSvg(causalMapOf(size, 1), { title, rowTokens: hostileTokens }),
  image: toSvg(causalMapOf(100, 1), { title }),
  bars: barsSvg(bars, { title, unit: title }),
  grid: gridSvg(
    hostileTokens.map((name) => [{ title: name, badge: name, map: causalMap }]),
    { title },
  ),
};

test.each(Object.entries(pictures))("the picture of a %s is well-formed XML without a script, whatever the tokens are", (_, svg) => {
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
  expect(parsed.querySelector("parsererror")?.textContent).toBeUndefined();
  expect(parsed.querySelectorAll("script, foreignObject, a")).toHaveLength(0);
  expect(parsed.documentElement.firstElementChild!.textContent).toBe(title);
  const attributes = Array.from(parsed.querySelectorAll("*")).flatMap((element) => Array.from(element.attributes));
  expect(attributes.filter(({ name, value }) => name.startsWith("on") || /javascript:|https?:(?!\/\/www\.w3\.org)/.test(value))).toEqual(
    [],
  );
});

it("the embedded image has the colours of the ramp", async () => {
  const uri = /href="([^"]*)"/.exec(
    toSvg({ weights: Float32Array.from({ length: 65 * 65 }, (_, cell) => cell % 2), allowed: null, rows: 65, columns: 65 }),
  )![1]!;
  const image = new Image();
  image.src = uri;
  await image.decode();
  expect([image.naturalWidth, image.naturalHeight]).toEqual([65, 65]);
  const context = Object.assign(document.createElement("canvas"), { width: 65, height: 65 }).getContext("2d")!;
  context.drawImage(image, 0, 0);
  const ramp = sequentialRamp("blues", "light");
  const pixel = (x: number): number[] => Array.from(context.getImageData(x, 0, 1, 1).data.slice(0, 3));
  expect([pixel(0), pixel(1)]).toEqual([ramp[0], ramp[255]]);
});
