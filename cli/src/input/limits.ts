/** What the input may be at most. Real estates stay far below; what lies above is an accident or an attack. */

/** Bytes of one file or of standard input. */
export const MAX_BYTES = 100 * 1000 * 1000 - 1;

/** Lists and mappings inside one another. The deepest published CustomResourceDefinitions have about 90. */
export const MAX_DEPTH = 256;

/** How many values a document may have once its aliases are written out. */
export const MAX_EXPANDED_VALUES = 1_000_000;

/** Keys that merges (`<<`) may copy in one document. */
export const MAX_MERGED_KEYS = 100_000;
