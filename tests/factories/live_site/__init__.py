"""A running site in processes of its own, with the people, the mail server and the database of a day."""
