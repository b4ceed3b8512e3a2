package halftone.kvcache;

import halftone.kernel.CachePage;
import halftone.kernel.QueryGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/// A cache in pages of [CachePage#POSITIONS], taken as they are needed. Pages that have left the
/// window are written anew.
final class PagedCache implements LayerCache {
  private static final int POSITIONS = CachePage.POSITIONS;

  private final Supplier<CachePage> newPage;
  private final int heads;
  private final int headSize;
  private final int window;
  private final List<CachePage> pages = new ArrayList<>();
  private final Deque<CachePage> free = new ArrayDeque<>();
  private int first;
  private int length;

  PagedCache(Supplier<CachePage> newPage, int heads, int headSize, int window) {
    this.newPage = newPage;
    this.heads = heads;
    this.headSize = headSize;
    this.window = window;
    // A format that does not fit the heads says so now, not in the middle of a text.
    free.push(newPage.get());
  }

  @Override
  public int heads() {
    return heads;
  }

  @Override
  public void extend(int count) {
    forgetOutside();
    length += count;
    while (length - first > pages.size() * POSITIONS) {
      pages.add(free.isEmpty() ? newPage.get() : free.pop());
    }
  }

  @Override
  public void put(int head, float[] keys, float[] values, int row, int count) {
    for (int i = 0; i < count; i++) {
      int position = length - count + i;
      int at = ((row + i) * heads + head) * headSize;
      page(position).put(head, position % POSITIONS, keys, values, at);
    }
  }

  /// Pages held at most while `context` positions are stored, `chunk` at a time.
  static long mostPages(int window, int context, int chunk) {
    long most = 0;
    int first = 0;
    for (int length = 0; length < context; length = Math.min(context, length + chunk)) {
      first = firstKept(window, first, length);
      int end = Math.min(context, length + chunk);
      most = Math.max(most, Math.ceilDiv(end - first, POSITIONS));
    }
    return most;
  }

  /// The first position of the first page that position `length` still sees.
  private static int firstKept(int window, int first, int length) {
    return window == 0
        ? 0
        : Math.max(first, Math.max(0, length - window + 1) / POSITIONS * POSITIONS);
  }

  /// Pages that the next position does not see, nor any after it.
  private void forgetOutside() {
    int kept = firstKept(window, first, length);
    while (first < kept) {
      free.push(pages.removeFirst());
      first += POSITIONS;
    }
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int first() {
    return first;
  }

  @Override
  public void key(int head, int position, float[] out, int at) {
    page(position).key(head, position % POSITIONS, out, at);
  }

  @Override
  public void value(int head, int position, float[] out, int at) {
    page(position).value(head, position % POSITIONS, out, at);
  }

  private CachePage page(int position) {
    return pages.get((position - first) / POSITIONS);
  }

  @Override
  public void scores(int head, QueryGroup queries) {
    for (int page = 0; page < pages.size(); page++) {
      pages.get(page).scores(head, filled(page), queries, page * POSITIONS);
    }
  }

  /// How many positions of a page are in use.
  private int filled(int page) {
    return Math.min(POSITIONS, length - first - page * POSITIONS);
  }

  @Override
  public void mix(int head, QueryGroup queries, int from) {
    for (int page = (from - first) / POSITIONS; page < pages.size(); page++) {
      int start = Math.max(0, from - first - page * POSITIONS);
      pages.get(page).mix(head, start, filled(page), queries, page * POSITIONS);
    }
  }

  @Override
  public long bytes() {
    return pages.stream().mapToLong(CachePage::bytes).sum();
  }
}
