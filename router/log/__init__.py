"""The pool's durable log on Redis Streams. The only folder that imports redis; it decides nothing."""
