export { argumentsOffset, controlBytes, runAlone, runShared, serve, stop } from "./pool";
