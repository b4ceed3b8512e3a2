/// Where independent pieces of work run.
@org.jspecify.annotations.NullMarked
package halftone.workers;
