@org.jspecify.annotations.NullMarked
package halftone.kernel.mixed;
