package halftone.torch.curvature;

/// An operation of the network has no second derivative in libtorch.
public final class NotTwiceDifferentiableException extends RuntimeException {
  NotTwiceDifferentiableException(String reason, Throwable cause) {
    super(
        "a Hessian-vector product needs second derivatives, and libtorch says: %s; use FiniteDifferenceProduct, or run the operation unfused"
            .formatted(reason),
        cause);
  }
}
