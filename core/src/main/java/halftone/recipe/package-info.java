/// The road from a request to a verified file, and the recipes that combine parts of several rooms.
@org.jspecify.annotations.NullMarked
package halftone.recipe;
