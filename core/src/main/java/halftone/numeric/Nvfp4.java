package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// NVFP4: 64 weights in 36 bytes, E2M1 values in four groups of 16 under a UE4M3 scale each. Scales
/// at 0, nibbles at 4: group t in bytes 4 + 8t …, its first eight weights in the low halves. The
/// table holds twice the values, so the scale is halved. NVIDIA's second scale, one a tensor, is no
/// part of the block. Format: NVIDIA, as ggml lays it out.
final class Nvfp4 extends BlockWeightFormat implements IntegerFormat {
  Nvfp4() {
    super("NVFP4", 64, 36);
  }

  @Override
  int group() {
    return 16;
  }

  /// Six times the largest scale; beyond, weights would be cut off silently.
  @Override
  float largest() {
    return 6 * Ue4m3.LARGEST;
  }

  @Override
  BlockRows newRows(int rows, int columns) {
    return new CodebookRows(this, rows, columns, Codebook.E2M1);
  }

  @Override
  void fitBlock(Block b) {
    for (int g = 0; g < 4; g++) {
      int bits = Ue4m3.encode(Math.abs(Block.signedMax(b.x, 16 * g, 16)) / 6);
      float scale = 0.5f * Ue4m3.decode(bits);
      for (int i = 16 * g; i < 16 * (g + 1); i++) {
        b.codes[i] = (byte) Codebook.nearestE2m1(b.x[i], scale);
      }
      b.image[b.at + g] = (byte) bits;
      b.step[g] = scale;
    }
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    for (int g = 0; g < 4; g++) {
      float scale = 0.5f * Ue4m3.decode(b[g] & 0x7f);
      for (int i = 0; i < 16; i++) {
        out[at + 16 * g + i] = scale * Codebook.E2M1.value(Nibbles.get(b, 4 + 8 * g, 8, i));
      }
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    for (int g = 0; g < 4; g++) {
      Nibbles.put(codes, 16 * g, 0, image, at + 4 + 8 * g, 8);
    }
  }

  @Override
  public IntegerCodes integers() {
    return Codebook.E2M1.integers(16, IntegerCodes.Scales.HALF);
  }

  @Override
  public void read(MemorySegment in, long at, IntegerBlock block) {
    byte[] b = block(in, at);
    for (int g = 0; g < 4; g++) {
      block.group(g, 0.5f * Ue4m3.decode(b[g] & 0x7f), 0);
    }
    block.integersOf(this, in, at);
  }
}
