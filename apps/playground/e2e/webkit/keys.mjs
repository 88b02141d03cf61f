/** The code points that WebDriver has for keys without a character. */
const codes = {
  ArrowDown: "\uE015",
  ArrowLeft: "\uE012",
  ArrowRight: "\uE014",
  ArrowUp: "\uE013",
  Control: "\uE009",
  End: "\uE010",
  Enter: "\uE007",
  Escape: "\uE00C",
  Home: "\uE011",
  PageDown: "\uE00F",
  PageUp: "\uE00E",
  Shift: "\uE008",
  Space: " ",
  Tab: "\uE004",
};

/** The actions that press a key such as "Control+Home". */
export function pressing(chord) {
  const keys = chord.split("+").map((key) => codes[key] ?? key);
  const down = keys.map((value) => ({ type: "keyDown", value }));
  const up = keys.toReversed().map((value) => ({ type: "keyUp", value }));
  return { type: "key", id: "keyboard", actions: [...down, ...up] };
}

/** The actions that move the pointer to a place in the window, and do more there. */
export const pointing = (x, y, ...more) => ({
  type: "pointer",
  id: "mouse",
  parameters: { pointerType: "mouse" },
  actions: [{ type: "pointerMove", x: Math.round(x), y: Math.round(y), duration: 0 }, ...more],
});

export const click = [
  { type: "pointerDown", button: 0 },
  { type: "pointerUp", button: 0 },
];
