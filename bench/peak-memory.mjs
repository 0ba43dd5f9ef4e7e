/** Loaded before a program (`node --import`), writes its peak resident memory, kB, when it ends. */
import { writeFileSync } from "node:fs";

process.on("exit", () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)));
