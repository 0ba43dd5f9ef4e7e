/** What the bundler adds to the language. */
interface ImportMeta {
  readonly env: { readonly PROD: boolean };
}

declare module "*?url" {
  const address: string;
  export default address;
}
declare module "*?worker&url" {
  const address: string;
  export default address;
}
