import { mix, parseHex, type Rgb } from "./oklab.js";

/** The brightness of the page. Ramps start at the colour of the page, so that 0 looks empty. */
export type Tone = "light" | "dark";

/** Ramps for weights: one hue, which shows magnitude best, and viridis, which separates close values. */
export const rampNames = ["blues", "viridis"] as const;
export type RampName = (typeof rampNames)[number];

const steps = 256;

const sequentialStops: Record<RampName, Record<Tone, readonly string[]>> = {
  blues: {
    light: ["#f8f8f4", "#b3c5e8", "#7494d3", "#4465b5", "#2a4190", "#161f57"],
    dark: ["#1b1d26", "#2a3c84", "#4362c2", "#6f95e6", "#a8c5f7", "#eaf2ff"],
  },
  viridis: {
    light: ["#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725"],
    dark: ["#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725"],
  },
};

// Orange and blue can be told apart with every common form of colour blindness.
const divergingStops: Record<Tone, readonly string[]> = {
  light: ["#7f3b08", "#b86a17", "#e6a85c", "#f7f7f2", "#8fa9dd", "#4468b8", "#1a2f7a"],
  dark: ["#ffb65c", "#c9772a", "#7a4315", "#1b1d26", "#2a458f", "#4f7fdc", "#93baff"],
};

/** 256 colours from 0 to the largest value. */
export function sequentialRamp(name: RampName, tone: Tone): readonly Rgb[] {
  return sample(sequentialStops[name][tone]);
}

/** 256 colours from the most negative value through 0 to the most positive one. */
export function divergingRamp(tone: Tone): readonly Rgb[] {
  return sample(divergingStops[tone]);
}

function sample(hexes: readonly string[]): readonly Rgb[] {
  const stops = hexes.map(parseHex);
  return Array.from({ length: steps }, (_, step) => {
    const at = (step / (steps - 1)) * (stops.length - 1);
    const left = Math.min(Math.floor(at), stops.length - 2);
    return mix(stops[left]!, stops[left + 1]!, at - left);
  });
}
