/** Scrolls an element into view if less than its head is visible, for example a panel that a tap on another one has changed. */
export function reveal(element: Element | null): void {
  if (element === null) return;
  const { top, bottom } = element.getBoundingClientRect();
  const isVisible = top >= 0 && Math.min(bottom, top + 200) <= innerHeight;
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!isVisible) element.scrollIntoView({ block: "start", behavior: isCalm ? "auto" : "smooth" });
}
