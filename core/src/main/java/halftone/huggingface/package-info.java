/// Folders as Hugging Face keeps models, read as GGUF would hold them: safetensors, configuration
/// and tokenizer.
@org.jspecify.annotations.NullMarked
package halftone.huggingface;
