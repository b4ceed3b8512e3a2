package halftone.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Readers with known faults: the fuzzer finds each.
class FuzzerTest {
  @TempDir private Path folder;

  private static List<Finding> findings(FuzzTarget.Reader reader) {
    byte[] seed = {1, 2, 3, 4, 5, 6, 7, 8};
    FuzzTarget target =
        new FuzzTarget("faulty", 1, List.of(seed), reader, Set.of(MalformedFileException.class));
    Fuzzer fuzzer = new Fuzzer(List.of(target), 1);
    List<Finding> findings = new ArrayList<>();
    for (int number = 0; number < 2000 && findings.isEmpty(); number++) {
      fuzzer.run(number).ifPresent(findings::add);
    }
    return findings;
  }

  private static MalformedFileException refusal(String file) {
    return new MalformedFileException(file, "field", "nothing", "give another");
  }

  @Test
  void aReaderThatReadsOrRefusesPasses() {
    assertThat(
            findings(
                input -> {
                  if (input.length != 8) {
                    throw refusal(FuzzTarget.FILE);
                  }
                }))
        .isEmpty();
  }

  @Test
  void findsAnotherException() {
    List<Finding> findings = findings(input -> input[7]++);
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().what()).contains("ArrayIndexOutOfBounds");
  }

  @Test
  void findsAMessageThatDoesNotNameTheFile() {
    assertThat(
            findings(
                input -> {
                  if (input.length != 8) {
                    throw refusal("it");
                  }
                }))
        .singleElement()
        .asString()
        .contains("does not name the file");
  }

  @Test
  void findsAnAllocationThatTheInputPromised() {
    List<Finding> findings =
        findings(
            input -> {
              if (input.length > 3 && input[3] == 127) {
                assertThat(new byte[64 << 20]).isNotEmpty();
              }
            });
    assertThat(findings).singleElement().asString().contains("allocates");
  }

  @Test
  void findsAnError() {
    List<Finding> findings = findings(input -> deeper(input.length - 8));
    assertThat(findings).singleElement().asString().contains("StackOverflowError");
  }

  private static int deeper(int levels) {
    return levels == 0 ? 0 : deeper(levels + 1) + 1;
  }

  @Test
  void aFindingIsFoundAgainByItsNumberAndSaved() throws IOException {
    Finding finding = findings(input -> input[7]++).getFirst();
    Optional<Finding> again =
        new Fuzzer(List.of(finding.target()), finding.seed()).run(finding.number());
    assertThat(again.orElseThrow().input()).isEqualTo(finding.input());
    Path saved = finding.save(folder);
    assertThat(saved).hasBinaryContent(finding.input());
    assertThat(Files.readString(folder.resolve("faulty-1-%d.txt".formatted(finding.number()))))
        .contains("--seed 1 --case " + finding.number())
        .contains("ArrayIndexOutOfBounds");
  }
}
