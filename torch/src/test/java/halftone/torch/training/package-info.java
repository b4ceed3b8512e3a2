@org.jspecify.annotations.NullMarked
package halftone.torch.training;
