import "./codecs.ts";
import { serveDecoding } from "pleura/browser";

serveDecoding();
