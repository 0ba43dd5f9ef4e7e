/** The part of dcmjs that is used; the package brings no types of its own. */
declare module "dcmjs" {
  /** Elements by tag, `"7FE00010"`. */
  type TaggedDataset = Readonly<Record<string, unknown>>;

  const dcmjs: {
    readonly data: {
      readonly DicomDict: new (meta: TaggedDataset) => { dict: TaggedDataset; write(): ArrayBuffer };
      readonly DicomMetaDictionary: {
        /** From elements by keyword to elements by tag. */
        denaturalizeDataset(dataset: Readonly<Record<string, unknown>>): TaggedDataset;
      };
    };
  };
  export default dcmjs;
}
