/// Who published a method and what it needs.
@org.jspecify.annotations.NullMarked
package halftone.method;
