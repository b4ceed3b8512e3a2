/// Products of four-bit weights with inputs of which a block has eight bits or four.
@org.jspecify.annotations.NullMarked
package halftone.kernel.mixed;
