package halftone.kernel.trials;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.MachineCode;
import halftone.numeric.GridSearch;
import halftone.numeric.GridSubject;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A [GridSearch] in machine code.
final class CodedGridSearch implements GridSearch {
  static final FunctionDescriptor TYPE = FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG);

  private final IntFunction<MethodHandle> codes;

  /// Those that were asked for, by the number of trials.
  private final @Nullable MethodHandle[] known;

  private final GridSubject subject;
  private final GridLists lists;
  private final GridRoom room;

  /// @param codes of [GridEmitter], by the number of trials
  CodedGridSearch(IntFunction<MethodHandle> codes, GridSubject subject, GridLists lists) {
    this.codes = codes;
    this.known = new MethodHandle[subject.scales().length + 1];
    this.subject = subject;
    this.lists = lists;
    this.room = new GridRoom(subject);
  }

  @Override
  public void run(int count) {
    MethodHandle code = known[count];
    if (code == null) {
      code = codes.apply(count);
      known[count] = code;
    }
    room.load();
    try {
      code.invokeExact(room.memory(), lists.memory(), (long) subject.entries());
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }

  @Override
  public float xq(int trial) {
    return room.number(GridRoom.XQ, trial);
  }

  @Override
  public float qq(int trial) {
    return room.number(GridRoom.QQ, trial);
  }

  @Override
  public int point(int entry, int trial) {
    return room.choice(GridRoom.POINTS, entry, trial);
  }

  @Override
  public int place(int entry, int trial) {
    return room.choice(GridRoom.PLACES, entry, trial);
  }
}
