import { serveDecoding } from "pleura/browser";

serveDecoding();
