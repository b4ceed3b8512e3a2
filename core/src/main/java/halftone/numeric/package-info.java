/// Number formats: bits to numbers and back, scalar, exact, written for reading.
@org.jspecify.annotations.NullMarked
package halftone.numeric;
