import { availableParallelism, loadavg } from "node:os";

/** How many times as long a task may take on this machine as without its other work. */
export const slowdown = () => Math.max(1, loadavg()[0] / availableParallelism());

/**
 * Milliseconds from a click on other colours until the map of a head is on the screen in them.
 *
 * @param index the place of the head in the grid
 */
export function colorsToPaint(page, ramp, index) {
  return page.evaluate(
    async ([label, place]) => {
      const canvas = document.querySelector(".head-canvas");
      const map = document.querySelectorAll(".head-tile-map")[place].getBoundingClientRect();
      const box = canvas.getBoundingClientRect();
      const ratio = canvas.width / box.width;
      const [x, y] = [(map.left - box.left + 2) * ratio, (map.top - box.top + 2) * ratio].map(Math.round);
      const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      const pixel = () => {
        copy.drawImage(canvas, x, y, 1, 1, 0, 0, 1, 1);
        return copy.getImageData(0, 0, 1, 1).data.join();
      };
      const before = pixel();
      const radio = [...document.querySelectorAll("#heads .segment")]
        .find((segment) => segment.textContent === label)
        .querySelector("input");
      const clicked = performance.now();
      radio.click();
      do await new Promise(requestAnimationFrame);
      while (pixel() === before && performance.now() - clicked < 10_000);
      await new Promise((resolve) => setTimeout(resolve)); // the frame has been painted
      return performance.now() - clicked;
    },
    [ramp, index],
  );
}

/**
 * Milliseconds from other letters in the text field until the page shows what the model makes of them. The first letter must be another one.
 *
 * @param shown "the first map", with the predictions, or "all heads", with their scores
 */
export function textToPaint(page, text, shown) {
  return page.evaluate(
    async ([typed, what]) => {
      const read = (selector) => document.querySelector(selector)?.textContent;
      const predictions = () => read("#predictions .prediction-detail .probability-bars");
      const before = predictions();
      const isThere = {
        "the first map": () => read("#head .strip-token") === typed[0] && predictions() !== before,
        "all heads": () => read("#head .strip-token") === typed[0] && document.querySelector(".room").ariaBusy === "false",
      }[what];
      const field = document.querySelector("#text");
      field.value = typed;
      const started = performance.now();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      do await new Promise(requestAnimationFrame);
      while (!isThere() && performance.now() - started < 60_000);
      await new Promise((resolve) => setTimeout(resolve)); // the frame has been painted
      return performance.now() - started;
    },
    [text, shown],
  );
}
