/// What methods learn about a model before they quantize it: gathered once, shared by all.
@org.jspecify.annotations.NullMarked
package halftone.evidence;
