"""How long it takes to know somebody, among ten thousand and among a million."""
