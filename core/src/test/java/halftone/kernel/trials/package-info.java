@org.jspecify.annotations.NullMarked
package halftone.kernel.trials;
