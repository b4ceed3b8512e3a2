package halftone.evidence;

import halftone.model.Stage;
import halftone.runtime.Activations;

/// Receives what flows into linear layers and the gradients at what flows out.
public interface GradientTap {
  /// One layer on one batch. Layers of one batch come one after the other, then [#release]; batches
  /// come in order. The head's batches are runs of rows, each as one sequence. Values are the
  /// source's own: read them now, change nothing.
  ///
  /// @param weight the weight's name
  /// @param inputs rows × inputs
  /// @param gradients of the loss by the layer's outputs, rows × outputs
  void layer(String weight, Activations inputs, Activations gradients);

  /// Called after the layers of a batch.
  ///
  /// @param stream residual stream behind a block, on the tokens of the batch; not called for the
  ///   head
  void release(Activations stream);

  /// All batches are through this stage.
  void end(Stage stage);
}
