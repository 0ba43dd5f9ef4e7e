/** Prepares a scan some times (node node-cases.mjs <scan> <out> <times>) and prints the milliseconds of each. */
import { prepareAgain } from "./measure.mjs";

const [scan, out, times] = process.argv.slice(2);
const results = await prepareAgain(scan, out, Number(times));
process.stdout.write(JSON.stringify(results.map(({ milliseconds }) => milliseconds)));
