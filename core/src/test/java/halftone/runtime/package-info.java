@org.jspecify.annotations.NullMarked
package halftone.runtime;
