import { setTimeout as pause } from "node:timers/promises";
import { exploreMadeModel, letters } from "../../../../apps/playground/e2e/made-model.mjs";
import { settled } from "../../../../apps/playground/e2e/open-page.mjs";
import { colorsToPaint, textToPaint } from "../../../../apps/playground/e2e/paint-times.mjs";
import { tasksDuring } from "../../../../apps/playground/e2e/read-page.mjs";

const ramps = ["Viridis", "Cividis", "One hue"];

/** What a reader does on the page, by its name. Each is done `count` times and gives the milliseconds of each time. */
export const visits = {
  /** Changes the colours of all maps while a training runs. */
  async colors(page, { sizes, tokens, index }, count) {
    await page.locator(".run-buttons .strong").first().click();
    await isTraining(page);
    await explore(page, sizes, tokens);
    const times = await repeat(count, (round) => colorsToPaint(page, ramps[round % ramps.length], index));
    await page.evaluate(() => (location.hash = "#/train"));
    await isTraining(page); // still
    return times;
  },

  /** Types another text. */
  async text(page, { sizes, tokens, shown }, count) {
    await explore(page, sizes, tokens);
    return repeat(count, (round) => textToPaint(page, letters(tokens, round + 1), shown));
  },

  /** Points at the cells of the large map. */
  async hoverMap(page, { sizes, tokens }, count) {
    await explore(page, sizes, tokens);
    const [box] = await boxesOf(page, ".heat-map .plot");
    const shares = Array.from({ length: 50 }, (_, index) => (index + 0.5) / 50);
    const path = shares.map((share) => [box.x + box.width * share, box.y + box.height * share]);
    return repeat(count, () => longestTask(page, path));
  },

  /** Points at the maps of the grid. */
  async hoverGrid(page, { sizes, tokens }, count) {
    await page.setViewportSize({ width: 1280, height: 1400 }); // all rows fit
    await explore(page, sizes, tokens);
    const path = (await boxesOf(page, ".head-tile-map")).map(({ x, y, width, height }) => [x + width / 2, y + height / 2]);
    return repeat(count, () => longestTask(page, path));
  },
};

const isTraining = (page) => page.waitForSelector("tr[data-run][data-phase=running]", { timeout: 60_000 });

/** Opens a made model in Explore, and waits until all of its heads are read. */
async function explore(page, sizes, tokens) {
  await exploreMadeModel(page, sizes, letters(tokens));
  await settled(page);
}

async function repeat(count, measure) {
  const times = [];
  for (let round = 0; round < count; round++) {
    await pause(500); // what the last round has left
    times.push(await measure(round));
  }
  return times;
}

/** Where elements are on the screen, with the first one scrolled to its top. */
function boxesOf(page, selector) {
  return page.evaluate((wanted) => {
    const elements = [...document.querySelectorAll(wanted)];
    elements[0].scrollIntoView();
    return elements.map((element) => element.getBoundingClientRect().toJSON());
  }, selector);
}

/** The processor time of the longest task of the page while the pointer moves along a path. */
async function longestTask(page, path) {
  const [longest] = await tasksDuring(page, async () => {
    for (const [x, y] of path) await page.mouse.move(x, y);
  });
  return longest;
}
