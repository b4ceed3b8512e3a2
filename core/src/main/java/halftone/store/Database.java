package halftone.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// The SQLite file under the store: opened, checked and brought to the present schema. One
/// connection, one thread at a time; other processes may have the same file open.
final class Database implements AutoCloseable {
  static final int SCHEMA = 1;
  private static final int APPLICATION = 0x48544E45;
  private static final int BUSY_MILLISECONDS = 60_000;

  private final Path file;
  private final Connection connection;

  /// Reads one row.
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private Database(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  static Database open(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new StoreException(
          "cannot create the folder of " + file + ": " + e + "; choose another", e);
    }
    Connection connection = connect(file);
    try {
      prepare(file, connection);
      return new Database(file, connection);
    } catch (SQLException | StoreException e) {
      close(connection, e);
      throw e instanceof SQLException sql ? failed(file, sql) : (StoreException) e;
    }
  }

  /// The address is a URI, so that no character of the path is taken for a setting.
  private static Connection connect(Path file) {
    try {
      return DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath().toUri());
    } catch (SQLException e) {
      throw failed(file, e);
    } catch (LinkageError e) {
      throw nativeLibrary(e);
    }
  }

  private static void close(Connection connection, Exception reason) {
    try {
      connection.close();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  /// Write-ahead log: readers and the writer do not block each other, and a killed process leaves
  /// nothing to repair. `synchronous=FULL` waits for the disk at each commit: a result takes
  /// seconds to measure and milliseconds to keep, and then survives a power cut too.
  private static void prepare(Path file, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=" + BUSY_MILLISECONDS);
      statement.execute("PRAGMA synchronous=FULL");
      identify(file, statement);
      check(file, statement);
      statement.execute("PRAGMA journal_mode=WAL");
      create(statement);
    }
  }

  /// One statement, so that all three are of one moment: another process may be creating the store.
  private static void identify(Path file, Statement statement) throws SQLException {
    String sql =
        "SELECT user_version, application_id, (SELECT count(*) FROM sqlite_master)"
            + " FROM pragma_user_version, pragma_application_id";
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      int version = row.getInt(1);
      boolean ours = row.getInt(2) == APPLICATION;
      if (ours && version > SCHEMA) {
        throw new StoreException(
            ("%s was written by a newer Halftone (store version %d, this one knows %d); update,"
                    + " or choose another store")
                .formatted(file, version, SCHEMA));
      }
      if (!ours && row.getInt(3) > 0) {
        throw new StoreException(file + " is another program's database; choose another store");
      }
    }
  }

  private static void check(Path file, Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
      String verdict = result.next() ? result.getString(1) : "no answer";
      if (!verdict.equals("ok")) {
        throw damaged(file, verdict);
      }
    }
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getInt(1) : 0;
    }
  }

  /// In one transaction: two processes may create the store at once.
  private static void create(Statement statement) throws SQLException {
    if (number(statement, "PRAGMA user_version") == SCHEMA) {
      return;
    }
    statement.execute("BEGIN IMMEDIATE");
    for (String sql : schema()) {
      statement.execute(sql);
    }
    statement.execute("PRAGMA application_id=" + APPLICATION);
    statement.execute("PRAGMA user_version=" + SCHEMA);
    statement.execute("COMMIT");
  }

  private static List<String> schema() {
    List<String> sql = new ArrayList<>();
    sql.add(
        "CREATE TABLE IF NOT EXISTS result (kind TEXT NOT NULL, inputs TEXT NOT NULL, value BLOB"
            + " NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (kind, inputs)) WITHOUT ROWID");
    sql.add(
        "CREATE TABLE IF NOT EXISTS large (kind TEXT NOT NULL, inputs TEXT NOT NULL, hash TEXT NOT"
            + " NULL, PRIMARY KEY (kind, inputs, hash)) WITHOUT ROWID");
    sql.add(
        "CREATE TABLE IF NOT EXISTS run (id TEXT PRIMARY KEY, started TEXT NOT NULL, recipe TEXT"
            + " NOT NULL)");
    sql.add("CREATE TABLE IF NOT EXISTS finished (id TEXT PRIMARY KEY, record TEXT NOT NULL)");
    for (String table : List.of("result", "large", "run", "finished")) {
      for (String verb : List.of("UPDATE", "DELETE")) {
        sql.add(
            ("CREATE TRIGGER IF NOT EXISTS no_%s_%s BEFORE %s ON %s"
                    + " BEGIN SELECT RAISE(ABORT, 'the store is never edited'); END")
                .formatted(verb, table, verb, table));
      }
    }
    return sql;
  }

  /// Inserts; returns whether a row was added (false when the key was there).
  synchronized boolean insert(String sql, Object... values) {
    try (PreparedStatement statement = bound(sql, values)) {
      return statement.executeUpdate() == 1;
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  synchronized <T> List<T> select(String sql, Row<T> row, Object... values) {
    try (PreparedStatement statement = bound(sql, values);
        ResultSet result = statement.executeQuery()) {
      List<T> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(row.read(result));
      }
      return rows;
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  private PreparedStatement bound(String sql, Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  static StoreException damaged(Path file, String what) {
    return new StoreException(
        "%s is damaged (%s); move it away, what it held will be measured again"
            .formatted(file, what));
  }

  private static StoreException nativeLibrary(Throwable cause) {
    return new StoreException(
        ("SQLite's native library cannot be unpacked to %s or loaded from there (%s); set the"
                + " system property org.sqlite.tmpdir to a folder that is writable and allows"
                + " executables")
            .formatted(
                System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir")),
                cause),
        cause);
  }

  /// Result codes are SQLite's primary ones, the low byte of the extended ones.
  private static StoreException failed(Path file, SQLException e) {
    if (String.valueOf(e.getMessage()).contains("native library")) {
      return nativeLibrary(e);
    }
    String remedy =
        switch (e.getErrorCode() & 0xff) {
          case 11, 26 ->
              "the file is damaged or no database; move it away, what it held will be measured"
                  + " again";
          case 3, 8, 14 -> "make the folder and the file writable, or choose another store";
          case 5, 6 -> "another process holds it for over a minute; wait for it or end it";
          case 10, 13 -> "free space on its disk, or choose another store";
          default -> "check the file and its disk, or choose another store";
        };
    return new StoreException(
        "experiment store %s: %s; %s".formatted(file, e.getMessage(), remedy), e);
  }
}
