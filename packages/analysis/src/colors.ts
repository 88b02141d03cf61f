export { lightness, mix, parseHex, type Rgb } from "./pictures/color/oklab.js";
export { divergingRamp, maskedColors, type RampName, rampNames, sequentialRamp, type Tone } from "./pictures/color/ramps.js";
