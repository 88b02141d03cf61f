export { loadTorchStateDict, torchStateDict } from "./torch-state-dict.js";
