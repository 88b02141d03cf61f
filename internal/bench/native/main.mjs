import { createHost } from "../src/host/host.mjs";
import { openNative } from "../src/host/open-native.mjs";
import { serve } from "../src/host/serve.mjs";

// Here, so that the libraries of this folder are found.
serve(createHost({ name: `Node.js ${process.versions.node}`, load: (library) => import(library) }, openNative));
