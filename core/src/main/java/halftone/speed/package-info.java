/// How fast a machine is, how fast models run on it, and how fast others run them.
@org.jspecify.annotations.NullMarked
package halftone.speed;
