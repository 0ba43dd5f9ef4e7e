/** Default of the number of readers, of four, that must have marked a nodule: LUNA16's. */
export const LEAST_READERS = 3;
