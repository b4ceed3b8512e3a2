/// llama.cpp's mixtures by name, and its tensor-type files.
@org.jspecify.annotations.NullMarked
package halftone.preset;
