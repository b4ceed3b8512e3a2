/// Tests of the cache room.
@org.jspecify.annotations.NullMarked
package halftone.kvcache;
