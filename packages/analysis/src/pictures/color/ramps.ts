import { mix, parseHex, type Rgb } from "./oklab.js";

/** The brightness of the page. The single-hue ramps start at its colour, so that 0 looks empty. */
export type Tone = "light" | "dark";

/** Ramps for weights: one hue, which shows magnitude best; viridis and cividis, which separate close values. */
export const rampNames: readonly ["blues", "viridis", "cividis"] = ["blues", "viridis", "cividis"];
export type RampName = (typeof rampNames)[number];

const steps = 256;
const viridis = "#440154 #482878 #3e4989 #31688e #26828e #1f9e89 #35b779 #6ece58 #b5de2b #fde725";
const cividis = "#00224e #123570 #3b496c #575d6d #707173 #8a8678 #a59c74 #c3b369 #e1cc55 #fee838";

const sequentialStops: Record<RampName, Record<Tone, string>> = {
  blues: {
    light: "#f8f8f4 #b3c5e8 #7494d3 #4465b5 #2a4190 #161f57",
    dark: "#1b1d26 #2a3c84 #4362c2 #6f95e6 #a8c5f7 #eaf2ff",
  },
  viridis: { light: viridis, dark: viridis },
  cividis: { light: cividis, dark: cividis },
};

// Orange and blue can be told apart with every common form of colour blindness.
const divergingStops: Record<Tone, string> = {
  light: "#7f3b08 #b86a17 #e6a85c #f7f7f2 #8fa9dd #4468b8 #1a2f7a",
  dark: "#ffb65c #c9772a #7a4315 #1b1d26 #2a458f #4f7fdc #93baff",
};

/** The colours of masked cells: background and hatch. */
export const maskedColors: Record<Tone, readonly [background: Rgb, hatch: Rgb]> = {
  light: [parseHex("#e9e7e1"), parseHex("#86827a")],
  dark: [parseHex("#2a2a2c"), parseHex("#75747a")],
};

/** 256 colours from 0 to the largest value. */
export function sequentialRamp(name: RampName, tone: Tone): readonly Rgb[] {
  return sample(sequentialStops[name][tone]);
}

/** 256 colours from the most negative value through 0 to the most positive one. */
export function divergingRamp(tone: Tone): readonly Rgb[] {
  return sample(divergingStops[tone]);
}

function sample(hexes: string): readonly Rgb[] {
  const stops = hexes.split(" ").map(parseHex);
  return Array.from({ length: steps }, (_, step) => {
    const at = (step / (steps - 1)) * (stops.length - 1);
    const left = Math.min(Math.floor(at), stops.length - 2);
    return mix(stops[left]!, stops[left + 1]!, at - left);
  });
}
