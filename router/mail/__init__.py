"""E-mail: IMAP in, SMTP out. It translates and decides nothing; a letter is a contact exactly once."""
