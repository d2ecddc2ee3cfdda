"""What every part of the site uses and what knows no case: clock, logs, authentication, folders, database, storage."""
