package halftone.evidence;

/// Which token's log-likelihood is differentiated at a position.
public enum Labels {
  /// One drawn from the network's own distribution: second moments of these gradients are the
  /// Fisher information.
  SAMPLED,
  /// The text's next token: the gradients of the training loss. A chunk's last position has none.
  NEXT_TOKEN
}
