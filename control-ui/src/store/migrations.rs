//! The schema and its history. A migration that was published is never changed; a new one is added below it.

use std::path::Path;

use rusqlite::Connection;
use rusqlite_migration::{M, MigrationDefinitionError, Migrations, SchemaVersion};

use super::{StoreError, copies};

const STEPS: &[M<'_>] = &[
    M::up(include_str!("schema_1.sql")),
    M::up(include_str!("schema_2.sql")),
    M::up(include_str!("schema_3.sql")),
    M::up(include_str!("schema_4.sql")),
];

const MIGRATIONS: Migrations<'_> = Migrations::from_slice(STEPS);

/// Number of the schema that this program uses.
pub(super) fn latest() -> usize {
    STEPS.len()
}

pub(super) fn bring_up_to_date(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let failed = |source| match source {
        rusqlite_migration::Error::MigrationDefinition(
            MigrationDefinitionError::DatabaseTooFarAhead,
        ) => StoreError::Newer { path: path.into() },
        source => StoreError::Migration {
            path: path.into(),
            source,
        },
    };
    match MIGRATIONS.current_version(connection).map_err(failed)? {
        SchemaVersion::Outside(_) => return Err(StoreError::Newer { path: path.into() }),
        SchemaVersion::Inside(version) if version.get() < STEPS.len() => {
            back_up(connection, path, version.get())?;
        }
        SchemaVersion::Inside(_) | SchemaVersion::NoneSet => {}
    }
    MIGRATIONS.to_latest(connection).map_err(failed)
}

/// Copies the database to a file beside it, named for the schema it has. An older copy of that schema is replaced.
fn back_up(connection: &Connection, path: &Path, version: usize) -> Result<(), StoreError> {
    let copy = path.with_extension(format!("before-{}.sqlite3", version + 1));
    let failed = |why: String| StoreError::Backup {
        path: path.into(),
        why,
    };
    if copy.exists() {
        std::fs::remove_file(&copy).map_err(|error| failed(error.to_string()))?;
    }
    let name = copy.to_string_lossy().into_owned();
    connection
        .execute("VACUUM INTO ?1", [name])
        .map_err(|error| failed(error.to_string()))?;
    copies::forget_old(path, "before-");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_are_sound() {
        MIGRATIONS.validate().unwrap();
    }

    #[test]
    fn a_database_of_a_newer_program_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let mut connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        let error = bring_up_to_date(&mut connection, &path).unwrap_err();
        assert!(matches!(error, StoreError::Newer { .. }), "{error}");
        let version: u32 = connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert_eq!(version, 99);
    }

    #[test]
    fn a_copy_holds_what_the_database_held() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db.sqlite3");
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (42);")
            .unwrap();
        back_up(&connection, &path, 1).unwrap();
        back_up(&connection, &path, 1).unwrap();
        let copy = Connection::open(folder.path().join("db.before-2.sqlite3")).unwrap();
        let x: i64 = copy
            .query_row("SELECT x FROM t", [], |row| row.get(0))
            .unwrap();
        assert_eq!(x, 42);
    }
}
