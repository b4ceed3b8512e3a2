package halftone.app.doctor;

import halftone.machine.InstructionSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the virtual machine uses of the CPU's vectors.
record VectorCheck() implements Check {
  private static final List<String> FLAGS = List.of("UseAVX", "UseFMA", "UseSVE", "MaxVectorSize");

  @Override
  public Finding look(Path store) {
    VirtualMachine machine = VirtualMachine.here();
    List<Fact> facts = new ArrayList<>();
    facts.add(Fact.of("vector api", machine.vectorBits() > 0));
    facts.add(new Fact("preferred vector", machine.vectorBits(), "bits"));
    facts.add(Fact.of("machine code", InstructionSet.chosen().id()));
    facts.add(Fact.of("compiler", machine.compiler()));
    for (String name : FLAGS) {
      VirtualMachine.flag(name).ifPresent(flag -> facts.add(Fact.of(name, flag.getValue())));
    }
    return new Finding("vectors", facts, machine.remarks(Processor.here()));
  }
}
