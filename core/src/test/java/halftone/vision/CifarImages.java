package halftone.vision;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;

/// Images of CIFAR-10 as the network of [ResNet20] sees them.
///
/// @param values images × 32 × 32 × 3, normalized
/// @param classes of the images, the folders' names in order
public record CifarImages(float[] values, int[] classes) {
  static final int SIDE = 32;
  private static final int SIZE = SIDE * SIDE * 3;
  private static final float[] MEAN = {.485f, .456f, .406f};
  private static final float[] DEVIATION = {.229f, .224f, .225f};

  /// All images of `test` or `train`, class after class.
  public static CifarImages read(Path zip, String part) throws IOException {
    TreeMap<String, byte[]> files = new TreeMap<>();
    try (ZipFile archive = new ZipFile(zip.toFile())) {
      for (Enumeration<? extends ZipEntry> all = archive.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (entry.getName().startsWith(part + "/") && entry.getName().endsWith(".jpg")) {
          files.put(entry.getName(), archive.getInputStream(entry).readAllBytes());
        }
      }
    }
    List<String> folders = files.keySet().stream().map(CifarImages::folder).distinct().toList();
    float[] values = new float[files.size() * SIZE];
    int[] classes = new int[files.size()];
    int image = 0;
    for (String name : files.keySet()) {
      classes[image] = folders.indexOf(folder(name));
      decode(files.get(name), values, image * SIZE);
      image++;
    }
    return new CifarImages(values, classes);
  }

  private static String folder(String name) {
    return name.substring(0, name.lastIndexOf('/'));
  }

  private static void decode(byte[] jpeg, float[] values, int at) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
    int[] pixels = image.getRGB(0, 0, SIDE, SIDE, null, 0, SIDE);
    for (int i = 0; i < pixels.length; i++) {
      for (int c = 0; c < 3; c++) {
        float value = (pixels[i] >> 16 - 8 * c & 0xFF) / 255f;
        values[at + 3 * i + c] = (value - MEAN[c]) / DEVIATION[c];
      }
    }
  }

  public int count() {
    return classes.length;
  }

  /// Some images, others for every seed.
  public CifarImages drawn(int count, long seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    float[] some = new float[count * SIZE];
    int[] theirs = new int[count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(values, order.get(i) * SIZE, some, i * SIZE, SIZE);
      theirs[i] = classes[order.get(i)];
    }
    return new CifarImages(some, theirs);
  }

  float[] batch(int from, int count) {
    return Arrays.copyOfRange(values, from * SIZE, (from + count) * SIZE);
  }
}
