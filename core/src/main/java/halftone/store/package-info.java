/// What has been measured, kept for ever: appended, never edited, found again by the hash of what
/// went in.
@org.jspecify.annotations.NullMarked
package halftone.store;
