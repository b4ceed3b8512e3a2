/// What calibration text tells about a network, gathered once and shared by all methods.
@org.jspecify.annotations.NullMarked
package halftone.evidence;
