@org.jspecify.annotations.NullMarked
package halftone.text;
