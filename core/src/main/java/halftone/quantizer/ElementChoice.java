package halftone.quantizer;

/// How weights are rounded to the numbers of an element format whose scales are settled.
public enum ElementChoice {
  /// Each to the nearest.
  NEAREST,
  /// By GPTQ: the errors of columns before move the later ones, under the inputs' Gram matrix.
  FEEDBACK,
  /// By AdaRound: whether up or down is learned, under the Gram matrix.
  LEARNED
}
