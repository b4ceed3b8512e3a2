package halftone.app.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What the operating system says of the CPU.
///
/// @param model its name, or "unknown"
/// @param flags names of features, lower case, as the system writes them
record Processor(String model, Set<String> flags) {
  private static final Path LINUX = Path.of("/proc/cpuinfo");
  private static final List<String> MACOS =
      List.of("/usr/sbin/sysctl", "machdep.cpu", "hw.optional");

  /// What people call a feature, and what Linux and macOS do.
  private static final Map<String, List<String>> NAMES = names();

  private static Map<String, List<String>> names() {
    Map<String, List<String>> names = new LinkedHashMap<>();
    names.put("AVX2", List.of("avx2", "avx2_0"));
    names.put("FMA", List.of("fma"));
    names.put("F16C", List.of("f16c"));
    names.put("AVX-512F", List.of("avx512f"));
    names.put("AVX-512BW", List.of("avx512bw"));
    names.put("AVX-512VL", List.of("avx512vl"));
    names.put("AVX-512VNNI", List.of("avx512_vnni", "avx512vnni"));
    names.put("AVX-512BF16", List.of("avx512_bf16", "avx512bf16"));
    names.put("AVX-VNNI", List.of("avx_vnni"));
    names.put("AMX", List.of("amx_tile"));
    names.put("NEON", List.of("asimd", "neon", "advsimd"));
    names.put("dot product", List.of("asimddp", "feat_dotprod"));
    names.put("I8MM", List.of("i8mm", "feat_i8mm"));
    names.put("SVE", List.of("sve"));
    names.put("SVE2", List.of("sve2"));
    return names;
  }

  /// The processor of this machine.
  static Processor here() {
    try {
      return Files.isReadable(LINUX) ? parse(Files.readString(LINUX)) : parseSysctl(sysctl());
    } catch (IOException unknown) {
      return new Processor("unknown", Set.of());
    }
  }

  private static String sysctl() throws IOException {
    Process process =
        new ProcessBuilder(MACOS).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /// Reads Linux's `/proc/cpuinfo`, of x86 (`flags`) or Arm (`Features`).
  static Processor parse(String text) {
    Map<String, String> first = fields(text);
    String flags = first.getOrDefault("flags", first.getOrDefault("Features", ""));
    String part = first.getOrDefault("CPU part", "unknown");
    String model = first.getOrDefault("model name", "CPU part " + part);
    return new Processor(model, new TreeSet<>(Arrays.asList(flags.strip().split("\\s+"))));
  }

  /// Reads what macOS's `sysctl machdep.cpu hw.optional` prints.
  static Processor parseSysctl(String text) {
    Map<String, String> fields = fields(text);
    Set<String> flags = new TreeSet<>();
    fields.forEach(
        (name, value) -> {
          if (name.startsWith("hw.optional.") && value.equals("1")) {
            flags.add(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
          }
        });
    return new Processor(fields.getOrDefault("machdep.cpu.brand_string", "unknown"), flags);
  }

  /// `name : value` lines; of several processors the first.
  private static Map<String, String> fields(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    text.lines()
        .map(line -> line.split(":", 2))
        .filter(halves -> halves.length == 2)
        .forEach(halves -> fields.putIfAbsent(halves[0].strip(), halves[1].strip()));
    return fields;
  }

  /// The instruction sets that matter to kernels, by the names people use.
  List<String> instructionSets() {
    return NAMES.keySet().stream().filter(this::has).toList();
  }

  boolean has(String instructionSet) {
    return NAMES.getOrDefault(instructionSet, List.of()).stream().anyMatch(flags::contains);
  }

  /// Bits of the widest vectors it is known to have; 0 when nothing is known.
  int vectorBits() {
    if (flags.isEmpty()) {
      return 0;
    }
    return Stream.of("AVX-512F", "AVX2")
        .filter(this::has)
        .findFirst()
        .map(Processor::bits)
        .orElse(128);
  }

  private static int bits(String instructionSet) {
    return instructionSet.equals("AVX2") ? 256 : 512;
  }
}
