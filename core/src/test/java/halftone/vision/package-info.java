/// A small vision network and its images, for claims that are about such networks.
@org.jspecify.annotations.NullMarked
package halftone.vision;
