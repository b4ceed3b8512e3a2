package halftone.speed;

import halftone.llamacpp.LlamaModel;

/// A model as the real llama.cpp runs it.
public record LlamaContender(LlamaModel model) implements Contender {
  @Override
  public void read(int[] prompt) {
    model.forget();
    model.read(prompt);
  }

  @Override
  public void write(int token) {
    model.read(new int[] {token});
  }
}
