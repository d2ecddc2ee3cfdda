"""What every part of the site rests on and what knows no case: clock, logs, authentication, folders, database, storage."""
