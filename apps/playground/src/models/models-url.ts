/** The URL of the models. The worker gets it from the page, because its own base URL is different. */
export const modelsUrl: string = new URL("models/", document.baseURI).href;
