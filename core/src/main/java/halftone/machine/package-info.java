/// Machine code emitted from Java: an assembler for what the kernels need, memory that runs it, and
/// what the CPU and the operating system allow.
@org.jspecify.annotations.NullMarked
package halftone.machine;
