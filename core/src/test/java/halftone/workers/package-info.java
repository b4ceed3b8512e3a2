@org.jspecify.annotations.NullMarked
package halftone.workers;
