/// What number formats cost in hardware.
@org.jspecify.annotations.NullMarked
package halftone.hardware;
