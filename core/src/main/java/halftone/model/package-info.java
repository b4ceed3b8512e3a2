/// Networks as graphs of operations, and the files they come from.
@org.jspecify.annotations.NullMarked
package halftone.model;
