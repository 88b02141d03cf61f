/** The label of the focused cell of the grid. */
export const cellLabel = (page) => page.getAttribute(".grid-cell", "aria-label");

/** The weight in the label of a cell; 0 if masked. */
function weightIn(label) {
  if (label.includes(": masked.")) return 0;
  return Number(/weight ([\d.e−+]+)/.exec(label)[1].replace("−", "-"));
}

/** Moves through the focused row and returns the weights of its labels. */
export async function weightsOfRow(page) {
  await page.keyboard.press("Home");
  const columns = Number(await page.getAttribute(".heat-map [role=grid]", "aria-colcount"));
  const weights = [];
  for (let column = 0; column < columns; column++) {
    weights.push(weightIn(await cellLabel(page)));
    await page.keyboard.press("ArrowRight");
  }
  return weights;
}

/** The number of different colours of a canvas, and a hash of its pixels. */
export function pixelsOf(page, selector) {
  return page.$eval(selector, (canvas) => {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const pixels = new Uint32Array(data.buffer);
    let print = 0;
    for (const pixel of pixels) print = (Math.imul(print, 31) + pixel) | 0;
    return { colours: new Set(pixels).size, print, width: canvas.width, height: canvas.height };
  });
}

/** The screen position of the middle of a cell of the large map. */
export async function pointOf(page, row, column) {
  const plot = page.locator(".heat-map .plot");
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  const grid = page.locator(".heat-map [role=grid]");
  const [rows, columns] = [Number(await grid.getAttribute("aria-rowcount")), Number(await grid.getAttribute("aria-colcount"))];
  return { x: box.x + ((column + 0.5) * box.width) / columns, y: box.y + ((row + 0.5) * box.height) / rows };
}

/** Chooses one of a group of radio buttons. */
export const choose = (page, group, label) =>
  page.getByRole("group", { name: group, exact: true }).getByRole("radio", { name: label, exact: true }).check();

/** The elements that extend beyond the right edge of the window, except those within a box that scrolls. @param within selects the parts of the page that are looked at */
export const outsideElements = (page, within = "body") =>
  page.evaluate((parts) => {
    const scrolls = (element) =>
      element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    return [...document.querySelectorAll(`:is(${parts}) *`)]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        const isShown = box.width > 0 && element.closest("pre, .spoken, .tooltip") === null;
        return isShown && box.right > innerWidth + 1 && !scrolls(element.parentElement);
      })
      .map((element) => `${element.tagName}.${element.getAttribute("class")}`);
  }, within);

/** Measures the longest time between two frames from now on. @returns a function that reads it in milliseconds */
export async function watchFrames(page) {
  await page.evaluate(() => {
    let last = performance.now();
    globalThis.longestFrame = 0;
    const tick = (now) => {
      globalThis.longestFrame = Math.max(globalThis.longestFrame, now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  return () => page.evaluate(() => globalThis.longestFrame);
}

/**
 * The tasks of the page's main thread while `body` runs, in milliseconds of processor time, longest first: unlike the time on the
 * clock, it does not depend on what else the machine does.
 */
export async function tasksDuring(page, body) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["toplevel"] });
  await body();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const isMain = ({ name, args }) => name === "thread_name" && args.name === "CrRendererMain";
  const threads = new Set(traceEvents.filter(isMain).map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter(({ name, pid, tid, tdur }) => name.endsWith("RunTask") && tdur > 0 && threads.has(`${pid} ${tid}`));
  return tasks.map(({ tdur }) => tdur / 1000).toSorted((a, b) => b - a);
}

/** Pairs of panels that overlap, by their titles, and panels too narrow to read. */
export const crowdedPanels = (page) =>
  page.evaluate(() => {
    const panels = Array.from(document.querySelectorAll("main .panel"), (panel) => ({ panel, box: panel.getBoundingClientRect() })).filter(
      ({ box }) => box.width > 0 && box.height > 0,
    );
    const titleOf = ({ panel }) => panel.querySelector("h2, h3")?.textContent ?? panel.id;
    const overlaps = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    const pairs = panels.flatMap((one, index) =>
      panels
        .slice(index + 1)
        .filter((other) => !one.panel.contains(other.panel) && overlaps(one.box, other.box))
        .map((other) => `${titleOf(one)} and ${titleOf(other)}`),
    );
    return [...pairs, ...panels.filter(({ box }) => box.width < 180).map((each) => `${titleOf(each)} is narrow`)];
  });
