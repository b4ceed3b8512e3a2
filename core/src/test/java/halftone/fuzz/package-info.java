/// A seeded mutation fuzzer over everything that reads a file.
@org.jspecify.annotations.NullMarked
package halftone.fuzz;
