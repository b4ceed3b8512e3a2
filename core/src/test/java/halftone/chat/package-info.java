@org.jspecify.annotations.NullMarked
package halftone.chat;
