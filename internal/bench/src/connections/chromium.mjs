export function connectChromium() {
  throw new Error("todo");
}
