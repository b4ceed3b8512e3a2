/// Conversations to the text that a model was trained to read, by the template in its own file.
@org.jspecify.annotations.NullMarked
package halftone.chat;
