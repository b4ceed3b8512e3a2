/// The real llama.cpp, called through `java.lang.foreign`: an oracle for tests, never shipped.
@org.jspecify.annotations.NullMarked
package halftone.llamacpp;
