/// What runs the files: programs and what they ask of a file.
@org.jspecify.annotations.NullMarked
package halftone.hardware;
