import { serveDecoding } from "pleura/browser";
import { useServedCodecs } from "./codecs.ts";

useServedCodecs();
serveDecoding();
