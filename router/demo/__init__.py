"""Synthetic citizens and agents. They come in through the public HTTP API and WebSocket, as real ones do."""
