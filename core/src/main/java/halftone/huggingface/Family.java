package halftone.huggingface;

import halftone.model.UnsupportedModelException;
import halftone.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How the checkpoints of one family of decoders become GGUF: keys, names of tensors and what is
/// done to them. Source: llama.cpp's converter, August 2026.
interface Family {
  /// What GGUF calls the architecture.
  String id();

  /// What `config.json` calls it in `architectures`.
  Set<String> classes();

  /// Writes the architecture's keys.
  ///
  /// @throws UnsupportedModelException when the configuration describes what GGUF cannot say
  void describe(Config config, ArchitectureKeys keys);

  /// GGUF's name of a layer's part, by its name in the checkpoint: `self_attn.q_proj` is `attn_q`.
  Map<String, String> parts();

  /// What is done to the values of a tensor of this GGUF name.
  Change change(String name, Config config);

  /// Tensors that the configuration holds: factors of rotary frequencies.
  List<Tensor> extras(Config config);
}
