/// What has been measured and made: appended, never edited, keyed by the hashes of its inputs.
@org.jspecify.annotations.NullMarked
package halftone.store;
