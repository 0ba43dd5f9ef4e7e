/** Some cases failed and the others are done; 0 is for all done. */
export const FAILED = 1;
/** Wrong usage. */
export const USAGE = 2;
/** What a shell expects of a program that Ctrl-C ended. */
export const INTERRUPTED = 130;
