/// Products of quantized weights with quantized inputs in integers.
@org.jspecify.annotations.NullMarked
package halftone.kernel.integer;
