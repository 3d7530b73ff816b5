"""The phone gateway: Asterisk's words to events, effects to Asterisk's actions. It decides nothing."""
