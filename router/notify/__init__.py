"""The notify port: e-mail, text message, voice call. What is sent is personal: nothing of it is logged."""
