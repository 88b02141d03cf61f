export { type BackendName, backendNames, useBackend } from "./backends.js";
