/// The scale searches of the encoders: in machine code, or in vectors of the Vector API.
@org.jspecify.annotations.NullMarked
package halftone.kernel.trials;
