"""Many chats at once on one process: how soon a message is there, and whether cut sockets lose any."""
