/// The real llama.cpp, loaded from its shared libraries: what results and speeds are compared with.
@org.jspecify.annotations.NullMarked
package halftone.llamacpp;
