"""The facts port: what agencies state of a citizen, asked over HTTP for a purpose that is said."""
