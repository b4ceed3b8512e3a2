package halftone.llamacpp;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Logits of a file under a chosen CPU library, computed in a process of their own, because a
/// process holds one CPU library only.
///
/// @param firstRow the first position of each chunk whose logits are kept (half the chunk: what is
///   scored)
public record LlamaLogits(LlamaCppLibrary library, String cpu, int threads, int firstRow) {
  /// Runs `model` on chunks of equal length; the result holds positions `firstRow …` of each, one
  /// after the other, as little-endian float32, position × vocabulary. The file appears at `out`
  /// and stays mapped for `arena`.
  public MemorySegment compute(Path model, int[][] chunks, Path out, Arena arena) {
    try {
      Path tokens = Files.createTempFile("chunks", ".i32");
      try {
        writeTokens(chunks, tokens);
        run(model, chunks[0].length, tokens, out);
      } finally {
        Files.delete(tokens);
      }
      try (FileChannel channel = FileChannel.open(out)) {
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(Path model, int length, Path tokens, Path out) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(LlamaLogits.class.getName(), library.folder().toString(), cpu));
    command.addAll(List.of(Integer.toString(threads), Integer.toString(firstRow)));
    command.addAll(List.of(model.toString(), Integer.toString(length)));
    command.addAll(List.of(tokens.toString(), out.toString()));
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException("llama.cpp with CPU library " + cpu + " failed");
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void writeTokens(int[][] chunks, Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * chunks.length * chunks[0].length);
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (int[] chunk : chunks) {
      for (int token : chunk) {
        bytes.putInt(token);
      }
    }
    Files.write(file, bytes.array());
  }

  /// Arguments: folder of llama.cpp, CPU library, threads, first row, model, chunk length, file of
  /// int32 tokens, file to write.
  public static void main(String[] arguments) throws IOException {
    LlamaCppLibrary library = new LlamaCppLibrary(Path.of(arguments[0]));
    int threads = Integer.parseInt(arguments[2]);
    int firstRow = Integer.parseInt(arguments[3]);
    int length = Integer.parseInt(arguments[5]);
    ByteBuffer tokens =
        ByteBuffer.wrap(Files.readAllBytes(Path.of(arguments[6]))).order(ByteOrder.LITTLE_ENDIAN);
    Llama llama = Llama.open(library, arguments[1]);
    try (LlamaModel model = llama.load(Path.of(arguments[4]), length, threads);
        FileChannel out =
            FileChannel.open(
                Path.of(arguments[7]),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      int[] chunk = new int[length];
      while (tokens.hasRemaining()) {
        tokens.asIntBuffer().get(chunk);
        tokens.position(tokens.position() + 4 * length);
        MemorySegment logits = model.logits(chunk);
        long skip = (long) firstRow * model.vocabularySize() * JAVA_FLOAT.byteSize();
        ByteBuffer kept = logits.asSlice(skip).asByteBuffer();
        while (kept.hasRemaining()) {
          out.write(kept);
        }
      }
    }
  }
}
