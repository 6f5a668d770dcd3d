"""A database that a test damages: what the triggers guard is changed all the same."""
import sqlite3


def change(path, *statements):
    db = sqlite3.connect(path)
    for trigger, in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute("DROP TRIGGER " + trigger)
    for statement in statements:
        assert db.execute(statement).rowcount != 0, statement
    db.commit()
    db.close()
