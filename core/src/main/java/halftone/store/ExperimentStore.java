package halftone.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/// Results in an SQLite file.
public final class ExperimentStore implements AutoCloseable {
  private final Connection connection;

  public ExperimentStore(Path file) {
    try {
      connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement s = connection.createStatement()) {
        s.execute("pragma journal_mode=wal");
        s.execute("pragma busy_timeout=30000");
        s.execute("create table if not exists result (kind text, hash text primary key, value blob)");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public Optional<byte[]> find(Key key) {
    try (PreparedStatement s = connection.prepareStatement("select value from result where hash=?")) {
      s.setString(1, key.hash());
      ResultSet r = s.executeQuery();
      return r.next() ? Optional.of(r.getBytes(1)) : Optional.empty();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public void put(Key key, byte[] value) {
    try (PreparedStatement s = connection.prepareStatement("insert or ignore into result values (?,?,?)")) {
      s.setString(1, key.kind());
      s.setString(2, key.hash());
      s.setBytes(3, value);
      s.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
