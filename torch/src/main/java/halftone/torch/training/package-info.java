/// Training of small language models from text: vocabulary, first weights, optimizer, checkpoints,
/// and the finished GGUF file with its card.
@org.jspecify.annotations.NullMarked
package halftone.torch.training;
