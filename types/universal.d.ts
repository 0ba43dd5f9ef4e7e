/**
 * The few globals that Node and browsers share and that the core may therefore use. They are
 * declared for the check of the core alone, which sees neither platform's own types.
 */
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string);
  decode(bytes?: Uint8Array): string;
}
declare function atob(base64: string): string;
declare const performance: { now(): number };
declare const crypto: { getRandomValues(array: Uint8Array): Uint8Array };
interface AbortSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
}
declare class URLSearchParams implements Iterable<[string, string]> {
  constructor(text?: string);
  [Symbol.iterator](): Iterator<[string, string]>;
}
declare class URL {
  constructor(text: string);
  readonly origin: string;
  readonly username: string;
  readonly password: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
}
